import { isQuoted } from '../bytes/bytes-text.ts';
import { quoteText } from '../bytes/payload.ts';
import { parseQuotedText } from '../bytes/quoted.ts';
import { type TlsSettings, type TlsVersion, tlsVersions } from '../model/tls.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, shifted } from './parsed.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, refusedAt, type Taken, type Token } from './tokens.ts';

type Setting = keyof TlsSettings;

/** The words of a line, each before its value; `insecure` stands alone. As Python has them, where it has them. */
const words: { readonly [S in Setting]-?: string } = {
  serverHostname: 'server_hostname',
  cafile: 'cafile',
  certfile: 'certfile',
  keyfile: 'keyfile',
  alpn: 'alpn',
  min: 'min',
  max: 'max',
  insecure: 'insecure',
};

const settings = Object.keys(words) as readonly Setting[];

/** Python writes TLSVersion.TLSv1_2, its version() TLSv1.2. */
const versionOf = (text: string): TlsVersion | undefined => {
  const wanted = text.replace(/^(?:ssl\.)?TLSVersion\./, '').replace('_', '.');
  return tlsVersions.find(
    version => version.toLowerCase() === wanted.toLowerCase() || version === `TLSv${wanted}`,
  );
};

export const parseTlsVersion = (text: string): TlsVersion | string =>
  versionOf(text) ?? t`${quoteText(text)} is no version of TLS: write ${tlsVersions.join(', ')}`;

/** A name of ALPN has 1 to 255 bytes (RFC 7301, 3.1). */
export const parseProtocols = (text: string): readonly string[] | string => {
  const names = text.split(',').map(name => name.trim());
  const wrong = names.find(name => name === '' || Buffer.byteLength(name) > 255);
  return wrong === undefined
    ? names
    : t('a protocol has a name of 1 to 255 bytes: write them as in h2,http/1.1');
};

const isVersion = (value: string): value is TlsVersion => (tlsVersions as readonly string[]).includes(value);

type Given = { -readonly [S in Setting]?: TlsSettings[S] };

const put = (into: Given, setting: Setting, text: string): string | null => {
  switch (setting) {
    case 'min':
    case 'max': {
      const version = parseTlsVersion(text);
      if (!isVersion(version)) return version;
      into[setting] = version;
      return null;
    }
    case 'alpn': {
      const names = parseProtocols(text);
      if (typeof names === 'string') return names;
      into.alpn = names;
      return null;
    }
    case 'insecure':
      into.insecure = true;
      return null;
    case 'serverHostname':
    case 'cafile':
    case 'certfile':
    case 'keyfile':
      into[setting] = text;
      return null;
  }
};

const plainText = (token: Token): Parsed<string> =>
  isQuoted(token) ? shifted(parseQuotedText(token.text), token.column) : parsed(token.text);

/** All that is left of the line: `server_hostname "localhost" cafile "ca.pem" alpn "h2,http/1.1" min TLSv1.2 insecure`. */
export const parseTlsSettings = (tokens: readonly Token[]): Parsed<Taken<TlsSettings>> => {
  const found: Given = {};
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const setting = settings.find(one => words[one] === token.text);
    if (!setting)
      return refusedAt(
        token,
        t`${token.text} is no setting of TLS${didYouMean(token.text, Object.values(words), t`: there are ${Object.values(words).join(', ')}`)}`,
      );
    if (found[setting] !== undefined) return refusedAt(token, t`${token.text} stands here twice`);
    const value = setting === 'insecure' ? token : tokens[++at];
    if (!value)
      return { ok: false, message: t`${token.text} needs a value`, column: endColumn(tokens), length: 1 };
    const text = plainText(value);
    if (!text.ok) return text;
    const wrong = put(found, setting, text.value);
    if (wrong) return refusedAt(value, wrong);
  }
  return parsed({ value: found, used: tokens.length });
};

const valueText = (setting: Setting, value: NonNullable<TlsSettings[Setting]>): string => {
  if (setting === 'min' || setting === 'max') return String(value);
  return quoteText(typeof value === 'object' ? value.join(',') : String(value));
};

/** As parseTlsSettings reads it back. */
export const formatTlsSettings = (given: TlsSettings): string =>
  settings
    .flatMap(setting => {
      const value = given[setting];
      if (value === undefined) return [];
      return setting === 'insecure' ? [words[setting]] : [words[setting], valueText(setting, value)];
    })
    .join(' ');

export const hasSettings = (given: TlsSettings | undefined): given is TlsSettings =>
  given !== undefined && settings.some(setting => given[setting] !== undefined);

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { safeText } from '../core/bytes/payload.ts';
import { parseProtocols, parseTlsVersion } from '../core/language/tls-settings-text.ts';
import { type TlsSettings, type TlsVersion, tlsVersions } from '../core/model/tls.ts';
import { t } from '../core/words/translate.ts';

export type Verb = 'listen' | 'connect';

/** Flags of tls:// addresses, as openssl, curl and ncat have them. */
export type TlsFlags = {
  readonly sni?: string;
  readonly ca?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly alpn?: string;
  readonly tlsMin?: string;
  readonly tlsMax?: string;
  readonly insecure?: boolean;
};

export const withTlsFlags = (command: Command): Command =>
  command
    .option(
      '--sni <NAME>',
      t('tls://: the name to ask for, and that the certificate must be for; else the host'),
    )
    .option(
      '--ca <FILE>',
      t('tls://: trust these (PEM) and nobody else; with listen, ask clients for a certificate'),
    )
    .option('--cacert <FILE>', t('the same as --ca'))
    .option(
      '--cert <FILE>',
      t('tls://: show this certificate, with the chain behind it; listen makes one where none is named'),
    )
    .option('--key <FILE>', t('tls://: the key of --cert, where it is not in that file'))
    .option('--alpn <NAMES>', t('tls://: protocols, the best first, as in h2,http/1.1'))
    .option('--tls-min <VERSION>', t('tls://: no older version, as in 1.2'))
    .option('--tls-max <VERSION>', t('tls://: no newer version'))
    .option('-k, --insecure', t('tls://: look at no certificate'));

const isVersion = (word: string): word is TlsVersion => (tlsVersions as readonly string[]).includes(word);

/** Which flags were given, by their names. */
const given = (flags: TlsFlags): string[] => {
  const names: Readonly<Record<keyof TlsFlags, string>> = {
    sni: '--sni',
    ca: '--ca',
    cacert: '--cacert',
    cert: '--cert',
    key: '--key',
    alpn: '--alpn',
    tlsMin: '--tls-min',
    tlsMax: '--tls-max',
    insecure: '--insecure',
  };
  return Object.entries(names).flatMap(([flag, name]) => (flags[flag as keyof TlsFlags] ? [name] : []));
};

const versionsOf = ({ tlsMin, tlsMax }: TlsFlags): Pick<TlsSettings, 'min' | 'max'> | string => {
  const min = tlsMin === undefined ? undefined : parseTlsVersion(tlsMin);
  const max = tlsMax === undefined ? undefined : parseTlsVersion(tlsMax);
  if (min !== undefined && !isVersion(min)) return `--tls-min: ${min}`;
  if (max !== undefined && !isVersion(max)) return `--tls-max: ${max}`;
  if (min && max && tlsVersions.indexOf(min) > tlsVersions.indexOf(max))
    return t`--tls-min ${min} is above --tls-max ${max}: no version is left`;
  return { ...(min && { min }), ...(max && { max }) };
};

const refused = (verb: Verb, { ca, cacert, key, cert, sni, insecure }: TlsFlags): string => {
  if (ca !== undefined && cacert !== undefined) return t('--ca and --cacert are the same: leave one out');
  if (key !== undefined && cert === undefined)
    return t('--key belongs to a certificate: name that too, with --cert');
  if (verb === 'listen' && sni !== undefined) return t('--sni is for connect: a server is asked for a name');
  return verb === 'listen' && insecure
    ? t('--insecure is for connect: a listener asks for a certificate only with --ca')
    : '';
};

/** How a tls:// address is to be wrapped; files by their whole paths, since a session may be read elsewhere. Or what is wrong. */
export const tlsSettingsOf = (verb: Verb, flags: TlsFlags): TlsSettings | string => {
  const trouble = refused(verb, flags);
  if (trouble) return trouble;
  const versions = versionsOf(flags);
  if (typeof versions === 'string') return versions;
  const alpn = flags.alpn === undefined ? undefined : parseProtocols(flags.alpn);
  if (typeof alpn === 'string') return `--alpn: ${alpn}`;
  const ca = flags.ca ?? flags.cacert;
  return {
    ...(flags.sni !== undefined && { serverHostname: flags.sni }),
    ...(ca !== undefined && { cafile: resolve(ca) }),
    ...(flags.cert !== undefined && { certfile: resolve(flags.cert) }),
    ...(flags.key !== undefined && { keyfile: resolve(flags.key) }),
    ...(alpn && { alpn }),
    ...versions,
    ...(flags.insecure && { insecure: true as const }),
  };
};

/** Flags of TLS where an address is in the clear would be ignored: '' where there are none. */
export const strayTlsFlags = (text: string, flags: TlsFlags): string => {
  const names = given(flags);
  return names.length === 0
    ? ''
    : names.length === 1
      ? t`${safeText(text)} is no tls:// address, and ${names.join(', ')} belongs to one`
      : t`${safeText(text)} is no tls:// address, and ${names.join(', ')} belong to one`;
};

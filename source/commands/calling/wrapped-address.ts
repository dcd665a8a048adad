import { type Address, formatEndpoint, parseAddress } from '../../core/addresses/address.ts';
import { type Parsed, parsed, shifted } from '../../core/language/parsed.ts';
import { formatTlsSettings, hasSettings, parseTlsSettings } from '../../core/language/tls-settings-text.ts';
import { tokenize } from '../../core/language/tokens.ts';
import type { TlsSettings } from '../../core/model/tls.ts';

/** An address with the settings of `wrap` behind it, as a person writes them in a form: `tls://localhost:8443 insecure`. */
export type WrappedAddress = Address & { readonly settings?: TlsSettings };

export const parseWrappedAddress = (text: string): Parsed<WrappedAddress> => {
  if (!/^\s*tls:\/\/\S+\s+\S/.test(text)) return parseAddress(text, { tls: true });
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const [first, ...rest] = tokens.value;
  const address = shifted(parseAddress(first!.text, { tls: true }), first!.column);
  if (!address.ok) return address;
  const settings = parseTlsSettings(rest);
  return settings.ok ? parsed({ ...address.value, settings: settings.value.value }) : settings;
};

/** As parseWrappedAddress reads it back. */
export const formatWrappedAddress = ({ endpoint, tls }: Address, settings: TlsSettings): string => {
  const plain = formatEndpoint(endpoint);
  if (!tls) return plain;
  return `tls://${plain}${hasSettings(settings) ? ` ${formatTlsSettings(settings)}` : ''}`;
};

import { formatEndpoint, parseAddress } from '../addresses/address.ts';
import { isOwnSocketName } from '../model/names.ts';
import type { RelayTarget } from '../model/relay-target.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import { formatTlsSettings, hasSettings, parseTlsSettings } from './tls-settings-text.ts';
import { endColumn, refusedAt, type Token, tokenize } from './tokens.ts';

/** `s1.relay 127.0.0.1:6379`: what s1 accepts is passed on to there; `s1.relay off`: no more of it is. */
export type RelayStatement = {
  readonly kind: 'relay';
  readonly socket: string;
  readonly target: RelayTarget | null;
};

const example = 's1.relay 127.0.0.1:6379';

/** `127.0.0.1:6379`, `tls://example.org:443 insecure`, `udp://127.0.0.1:53`, `unix:/run/app.sock`. `end` is the column of what is missing. */
const parseTarget = (tokens: readonly Token[], end: number): Parsed<RelayTarget> => {
  const [first, ...rest] = tokens;
  if (!first) return refused(t`where to? Write an address, as in ${example}, or off`, end);
  const address = shifted(parseAddress(first.text, { tls: true }), first.column);
  if (!address.ok) return address;
  const { endpoint, family, tls, type } = address.value;
  const [second] = rest;
  if (second && !tls)
    return refusedAt(second, t`${second.text} is too much: a relay has one target, as in ${example}`);
  const settings = second ? parseTlsSettings(rest) : undefined;
  if (settings?.ok === false) return settings;
  return parsed({
    endpoint,
    ...(family && { family }),
    ...(type === 'SOCK_DGRAM' && { datagrams: true }),
    tls: tls ? (settings?.value.value ?? {}) : null,
  });
};

/** A target alone, as a session keeps it. */
export const parseRelayTarget = (text: string): Parsed<RelayTarget> => {
  const tokens = tokenize(text);
  return tokens.ok ? parseTarget(tokens.value, endColumn(tokens.value)) : tokens;
};

/** As parseRelayTarget reads it back. */
export const formatRelayTarget = ({ endpoint, datagrams, tls }: RelayTarget): string => {
  const settings = tls && hasSettings(tls) ? ` ${formatTlsSettings(tls)}` : '';
  const scheme = tls ? 'tls://' : datagrams ? 'udp://' : '';
  return `${scheme}${formatEndpoint(endpoint)}${settings}`;
};

/** Null where the tokens are no such line. */
export const parseRelayStatement = (tokens: readonly Token[]): Parsed<RelayStatement> | null => {
  const [head, ...rest] = tokens;
  const socket = head?.text.endsWith('.relay') ? head.text.slice(0, -'.relay'.length) : '';
  if (!isOwnSocketName(socket)) return null;
  const [first, second] = rest;
  if (first?.text === 'off')
    return second
      ? refusedAt(second, t`${second.text} is too much: off stands alone`)
      : parsed({ kind: 'relay', socket, target: null });
  const target = parseTarget(rest, endColumn(tokens));
  return target.ok ? parsed({ kind: 'relay', socket, target: target.value }) : target;
};

export const formatRelayStatement = ({ socket, target }: RelayStatement): string =>
  `${socket}.relay ${target ? formatRelayTarget(target) : 'off'}`;

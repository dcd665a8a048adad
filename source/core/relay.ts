import { formatEndpoint, parseAddress } from './address.ts';
import { type Endpoint, hostAt } from './endpoint.ts';
import { canonicalHost, isLoopback, isWildcard } from './ip.ts';
import type { Family } from './names.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import { hasSettings, parseTlsSettings, formatTlsSettings } from './tls-words.ts';
import type { TlsSettings } from './tls.ts';
import { endColumn, refusedAt, type Token, tokenize } from './tokens.ts';
import { sameEndpoint } from './twins.ts';

/** Where a relay passes on what comes to its listener. `tls`: what it connects is wrapped so; null: in the clear. */
export type RelayTarget = {
  readonly endpoint: Endpoint;
  readonly family?: Family;
  readonly tls: TlsSettings | null;
};

const example = 's1.relay 127.0.0.1:6379';

/** `127.0.0.1:6379`, `tls://example.org:443 insecure`, `unix:/run/app.sock`. `end` is the column of what is missing. */
export const parseRelayTarget = (tokens: readonly Token[], end: number): Parsed<RelayTarget> => {
  const [first, second, ...rest] = tokens;
  if (!first) return refused(`where to? Write an address, as in ${example}`, end);
  const address = shifted(parseAddress(first.text, { tls: true }), first.column);
  if (!address.ok) return address;
  const { endpoint, family, tls } = address.value;
  if (second && !tls)
    return refusedAt(second, `${second.text} is too much: a relay has one target, as in ${example}`);
  const settings = second ? parseTlsSettings([second, ...rest]) : undefined;
  if (settings?.ok === false) return settings;
  return parsed({
    endpoint,
    ...(family && { family }),
    tls: tls ? (settings?.value.value ?? {}) : null,
  });
};

/** The same alone, as a session keeps it. */
export const parseRelayText = (text: string): Parsed<RelayTarget> => {
  const tokens = tokenize(text);
  return tokens.ok ? parseRelayTarget(tokens.value, endColumn(tokens.value)) : tokens;
};

/** As parseRelayTarget reads it back. */
export const formatRelayTarget = ({ endpoint, tls }: RelayTarget): string => {
  const settings = tls && hasSettings(tls) ? ` ${formatTlsSettings(tls)}` : '';
  return `${tls ? 'tls://' : ''}${formatEndpoint(endpoint)}${settings}`;
};

/** How a connection to the target is wrapped: the name asked for is the host's, where none is given. */
export const wrappedTo = ({ endpoint, tls }: RelayTarget): TlsSettings | null =>
  tls && { ...tls, serverHostname: tls.serverHostname ?? (hostAt(endpoint) || 'localhost') };

/** Where the kernel takes a connect to this host: to every interface means to this machine. */
const reachedAt = (host: string): readonly string[] => {
  if (host.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  if (!isWildcard(host)) return [canonicalHost(host)];
  return canonicalHost(host) === '::' ? ['::1'] : ['127.0.0.1'];
};

const takes = (local: string, host: string): boolean => {
  const own = canonicalHost(local);
  if (!isWildcard(local)) return reachedAt(local).includes(host);
  return isLoopback(host) && (own === '::' || !host.includes(':'));
};

/** Whether what is sent to the target comes back to who listens there: another spelling, or every interface, is the same. */
export const leadsBack = (local: Endpoint, target: Endpoint): boolean => {
  if (local.kind !== 'inet' || target.kind !== 'inet') return sameEndpoint(local, target);
  return local.port === target.port && reachedAt(target.host).some(host => takes(local.host, host));
};

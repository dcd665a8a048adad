import { type Endpoint, inet, type UnixEndpoint, unix } from '../../core/addresses/endpoint.ts';
import { field, flagsIn, numberIn, type Value } from './value.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** What stands in `inet_addr("127.0.0.1")`, or as the second argument of inet_pton. */
const hostIn = (value: Value | undefined): string | null => {
  const text = value?.kind === 'made' ? value.from.find(({ kind }) => kind === 'text') : undefined;
  return text?.kind === 'text' ? latin1(text.bytes) : null;
};

/** An IPv4 peer of an IPv6 socket is written as IPv4, as everywhere here. */
const plainHost = (host: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1] ?? host;

const inet6Host = (value: Value): string | null => {
  const named = field(value, 'sin6_addr');
  if (named) return hostIn(named);
  const fields = value.kind === 'struct' ? [...value.fields.values()] : [];
  return hostIn(fields.find(one => one.kind === 'made' && one.by === 'inet_pton'));
};

/** `sun_path="/run/a"`, or `sun_path=@"name"` of an abstract one, which begins with a NUL (unix(7)); one without a name has none. */
const unixOf = (value: Value): UnixEndpoint => {
  const path = field(value, 'sun_path');
  if (path?.kind !== 'text') return unix('');
  return unix(`${path.abstract ? '\0' : ''}${Buffer.from(path.bytes).toString()}`);
};

/** A sockaddr of IPv4, IPv6 or a Unix socket; null for every other, and for one that was not printed. */
export const endpointOf = (value: Value | undefined): Endpoint | null => {
  if (value?.kind === 'change') return endpointOf(value.after);
  if (value?.kind !== 'struct') return null;
  if (flagsIn(field(value, 'sa_family')).includes('AF_UNIX')) return unixOf(value);
  const port = numberIn(field(value, 'sin_port') ?? field(value, 'sin6_port'));
  const host = field(value, 'sin_addr') ? hostIn(field(value, 'sin_addr')) : inet6Host(value);
  if (port === null || host === null) return null;
  const scope = numberIn(field(value, 'sin6_scope_id')) ?? 0;
  return inet(scope > 0 ? `${host}%${scope}` : plainHost(host), port);
};

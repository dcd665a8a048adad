import type { Endpoint, SocketType } from './names.ts';

/** The IPv4 peer of a dual-stack socket is ::ffff:127.0.0.1 there and 127.0.0.1 at its own end (RFC 4291, 2.5.5.2). */
const onTheWire = (host: string): string => (host.startsWith('::ffff:') ? host.slice(7) : host);

/** Key of a connection's end in BenchState.pairs; the other end's key is the same with the two swapped. */
export const connectionKey = (local: Endpoint, peer: Endpoint): string =>
  `${onTheWire(local.host)} ${local.port}>${onTheWire(peer.host)} ${peer.port}`;

/** Key of a bound datagram socket or a listener in BenchState.pairs. */
export const boundKey = (type: SocketType, local: Endpoint): string =>
  `${type === 'SOCK_DGRAM' ? 'udp' : 'tcp'} ${onTheWire(local.host)} ${local.port}`;

const wildcard = (type: SocketType, port: number | string, host: '0.0.0.0' | '::'): string =>
  boundKey(type, { host, port });

/** The bench's socket bound to an address: exactly, or to every interface (:: takes IPv4 too). */
export const boundAt = (
  pairs: ReadonlyMap<string, string>,
  type: SocketType,
  address: Endpoint,
): string | undefined =>
  pairs.get(boundKey(type, address)) ??
  (address.host.includes(':') ? undefined : pairs.get(wildcard(type, address.port, '0.0.0.0'))) ??
  pairs.get(wildcard(type, address.port, '::'));

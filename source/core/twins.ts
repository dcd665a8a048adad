import type { Endpoint, SocketType } from './names.ts';

/** The IPv4 peer of a dual-stack socket is ::ffff:127.0.0.1 there and 127.0.0.1 at its own end (RFC 4291, 2.5.5.2). */
const onTheWire = (host: string): string => (host.startsWith('::ffff:') ? host.slice(7) : host);

/** Key of a connection's end in BenchState.pairs; the other end's key is the same with the two swapped. */
export const connectionKey = (local: Endpoint, peer: Endpoint): string =>
  `${onTheWire(local.host)} ${local.port}>${onTheWire(peer.host)} ${peer.port}`;

/** Key of a bound datagram socket or a listener in BenchState.pairs. */
export const boundKey = (type: SocketType, local: Endpoint): string =>
  `${type === 'SOCK_DGRAM' ? 'udp' : 'tcp'} ${onTheWire(local.host)} ${local.port}`;

/** Keys under which a socket that takes what is sent to the address may stand: exact, or every interface. */
const keysAt = (type: SocketType, address: Endpoint): string[] => {
  const { host, port } = address;
  const exact = boundKey(type, address);
  // :: takes IPv4 too.
  const everywhere = boundKey(type, { host: '::', port });
  return host.includes(':')
    ? [exact, everywhere]
    : [exact, boundKey(type, { host: '0.0.0.0', port }), everywhere];
};

/** The keys asked for last: in a flood of datagrams every one asks for its sender's. */
let newest: { type: SocketType; host: string; port: number | string; keys: string[] } | undefined;

/** The bench's socket bound to an address: exactly, or to every interface. */
export const boundAt = (
  pairs: ReadonlyMap<string, string>,
  type: SocketType,
  address: Endpoint,
): string | undefined => {
  const { host, port } = address;
  if (newest?.host !== host || newest.port !== port || newest.type !== type)
    newest = { type, host, port, keys: keysAt(type, address) };
  for (const key of newest.keys) {
    const name = pairs.get(key);
    if (name !== undefined) return name;
  }
  return undefined;
};

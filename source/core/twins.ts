import { isLoopback } from './ip.ts';
import type { Endpoint, SocketType } from './names.ts';

/** The IPv4 peer of a dual-stack socket is ::ffff:127.0.0.1 there and 127.0.0.1 at its own end (RFC 4291, 2.5.5.2). */
const onTheWire = (host: string): string => (host.startsWith('::ffff:') ? host.slice(7) : host);

/** Key of a connection's end in BenchState.pairs; the other end's key is the same with the two swapped. */
export const connectionKey = (local: Endpoint, peer: Endpoint): string =>
  `${onTheWire(local.host)} ${local.port}>${onTheWire(peer.host)} ${peer.port}`;

/** Key of a bound datagram socket or a listener in BenchState.pairs. */
export const boundKey = (type: SocketType, local: Endpoint): string =>
  `${type === 'SOCK_DGRAM' ? 'udp' : 'tcp'} ${onTheWire(local.host)} ${local.port}`;

/** Groups and broadcasts reach this machine too (ip(7)); any other address only where it is its own. */
const reachesHere = (host: string, own: string): boolean =>
  host === own ||
  isLoopback(host) ||
  host === '255.255.255.255' ||
  /^(22[4-9]|23\d)\.|^ff[\da-f]{2}:/i.test(host);

/**
 * Keys under which a socket that takes what is sent to the address may stand: exact, or every interface where the
 * address is this machine's.
 */
const keysAt = (type: SocketType, address: Endpoint, own: string): string[] => {
  const { host, port } = address;
  const exact = boundKey(type, address);
  if (!reachesHere(host, own)) return [exact];
  // :: takes IPv4 too.
  const everywhere = boundKey(type, { host: '::', port });
  return host.includes(':')
    ? [exact, everywhere]
    : [exact, boundKey(type, { host: '0.0.0.0', port }), everywhere];
};

type Asked = {
  readonly type: SocketType;
  readonly host: string;
  readonly port: number | string;
  readonly own: string;
};

const isSame = (a: Asked | undefined, type: SocketType, { host, port }: Endpoint, own: string): boolean =>
  a?.host === host && a.port === port && a.type === type && a.own === own;

/** The keys of the two addresses asked for last: in a flood of datagrams a sender's and a receiver's come in turn. */
let newest: (Asked & { readonly keys: readonly string[] }) | undefined;
let older = newest;

const knownKeys = (type: SocketType, address: Endpoint, own: string): readonly string[] => {
  if (newest && isSame(newest, type, address, own)) return newest.keys;
  const found = isSame(older, type, address, own) ? older : undefined;
  older = newest;
  newest = found ?? { ...address, type, own, keys: keysAt(type, address, own) };
  return newest.keys;
};

/**
 * The bench's socket bound to an address: exactly, or to every interface. `own` is the address of the end that asks: what
 * it reaches at the same host is on this machine, and so is what it reaches on the loopback interface; another
 * machine's port is not a socket's of this one that has the same number on every interface.
 */
export const boundAt = (
  pairs: ReadonlyMap<string, string>,
  type: SocketType,
  address: Endpoint,
  own: Endpoint | null,
): string | undefined => {
  for (const key of knownKeys(type, address, own?.host ?? '')) {
    const name = pairs.get(key);
    if (name !== undefined) return name;
  }
  return undefined;
};

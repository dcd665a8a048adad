import type { InetFamily } from '../model/names.ts';
import { type Kind, transportOf } from '../model/transports.ts';
import { type Endpoint, hostAt, type InetEndpoint, inet, portAt } from './endpoint.ts';
import { canonicalHost, isLoopback, withWildcard } from './ip.ts';

/** The one spelling of an address and its port: every other is told apart from it by no kernel. */
export const endpointKey = (endpoint: Endpoint): string => {
  switch (endpoint.kind) {
    case 'inet':
      return `${canonicalHost(endpoint.host)} ${endpoint.port}`;
    case 'unix':
      return endpoint.path === '' ? `unix #${endpoint.inode ?? ''}` : `unix ${endpoint.path}`;
  }
};

/** The same address and port: [::1] and [0:0:0:0:0:0:0:1] are, 127.0.0.1 and ::ffff:127.0.0.1, localhost and LOCALHOST. */
export const sameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a === b || endpointKey(a) === endpointKey(b);

/** Whether what goes to an address may go to a socket that stands at another, which may be every interface. */
export const leadsTo = (address: Endpoint, local: Endpoint | null): boolean =>
  address.kind === 'inet' ? address.port === portAt(local) : local !== null && sameEndpoint(address, local);

/** Key of a connection's end; the other end's key is the same with the two swapped. */
export const connectionKey = (local: Endpoint, peer: Endpoint): string =>
  `${endpointKey(local)}>${endpointKey(peer)}`;

/** Key of a bound datagram socket or a listener in BenchState.pairs. */
export const boundKey = (socket: Kind, local: Endpoint): string =>
  `${transportOf(socket).id} ${endpointKey(local)}`;

/** Groups and broadcasts reach this machine too (ip(7)); any other address only where it is its own. */
const reachesHere = (host: string, own: string): boolean =>
  host === own ||
  isLoopback(host) ||
  host === '255.255.255.255' ||
  /^(22[4-9]|23\d)\.|^ff[\da-f]{2}:/.test(host);

/** Where the kernel takes what is sent or connected to an address: to every interface means to this machine. */
const reached = (host: string, family: InetFamily): string => {
  const spelling = canonicalHost(withWildcard(host, family));
  if (spelling === '0.0.0.0') return '127.0.0.1';
  return spelling === '::' ? '::1' : spelling;
};

type InetKind = Kind & { readonly family: InetFamily };

/**
 * Keys under which a socket that takes what is sent to the address may stand: exact, or every interface where the
 * address is this machine's.
 */
const keysAt = (sender: InetKind, { host: asked, port }: InetEndpoint, own: string): string[] => {
  const host = reached(asked, sender.family);
  const exact = boundKey(sender, inet(host, port));
  if (!reachesHere(host, canonicalHost(own))) return [exact];
  // :: takes IPv4 too.
  const everywhere = boundKey(sender, inet('::', port));
  return host.includes(':')
    ? [exact, everywhere]
    : [exact, boundKey(sender, inet('0.0.0.0', port)), everywhere];
};

type Asked = Kind & InetEndpoint & { readonly own: string };

const isSame = (a: Asked | undefined, sender: Kind, { host, port }: InetEndpoint, own: string): boolean =>
  a?.host === host &&
  a.port === port &&
  a.type === sender.type &&
  a.family === sender.family &&
  a.own === own;

/** The keys of the two addresses asked for last: in a flood of datagrams a sender's and a receiver's come in turn. */
let newest: (Asked & { readonly keys: readonly string[] }) | undefined;
let older = newest;

const knownKeys = (sender: InetKind, address: InetEndpoint, own: string): readonly string[] => {
  if (newest && isSame(newest, sender, address, own)) return newest.keys;
  const found = isSame(older, sender, address, own) ? older : undefined;
  older = newest;
  const { type, family } = sender;
  newest = found ?? { ...address, type, family, own, keys: keysAt(sender, address, own) };
  return newest.keys;
};

const isOnInternet = (socket: Kind): socket is InetKind => socket.family !== 'AF_UNIX';

const noKeys: readonly string[] = [];

/** A name of the file system or an abstract one stands for one socket of a type, and without a name none is reached. */
const keysOf = (sender: Kind, address: Endpoint, own: Endpoint | null): readonly string[] => {
  if (address.kind === 'inet')
    return isOnInternet(sender) ? knownKeys(sender, address, hostAt(own) ?? '') : noKeys;
  return address.path === '' ? noKeys : [boundKey(sender, address)];
};

/**
 * The bench's socket that takes what `sender` sends or connects to an address: bound to it exactly, or to every interface.
 * `own` is the sender's address: what it reaches at the same host is on this machine, and so is what it reaches on the
 * loopback interface; another machine's port is not a socket's of this one that has the same number on every interface.
 */
export const boundAt = (
  pairs: ReadonlyMap<string, string>,
  sender: Kind,
  address: Endpoint,
  own: Endpoint | null,
): string | undefined => {
  for (const key of keysOf(sender, address, own)) {
    const name = pairs.get(key);
    if (name !== undefined) return name;
  }
  return undefined;
};

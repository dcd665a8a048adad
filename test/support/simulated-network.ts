import { type Endpoint, type InetEndpoint, inet, isInet } from '../../source/core/addresses/endpoint.ts';
import type { Family } from '../../source/core/model/names.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import { type ByteQueue, createByteQueue } from './byte-queue.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** A stream socket of the simulated kernel. Between connect and accept its other end is there, without an owner. */
export type Stream = {
  readonly kind: 'stream';
  readonly family: Family;
  local: InetEndpoint | null;
  peer: InetEndpoint | null;
  state: 'closed' | 'listen' | 'syn-sent' | 'connected' | 'refused' | 'timed-out';
  /** Listeners: connections that wait. */
  backlog: number;
  queue: Stream[];
  other: Stream | null;
  readonly unsent: ByteQueue;
  readonly unread: ByteQueue;
  /** The write direction was shut; the peer's end was received; a reset came and no call has seen it. */
  shut: boolean;
  ended: boolean;
  reset: boolean;
  broken: boolean;
  /** When the next SYN goes out, on the clock; null: none is due. */
  nextSyn: number | null;
  retransmits: number;
};

export type Datagram = { readonly from: Endpoint; readonly data: Uint8Array };

export type DatagramSocket = {
  readonly kind: 'datagram';
  readonly family: Family;
  local: InetEndpoint | null;
  peer: InetEndpoint | null;
  readonly queue: Datagram[];
  queued: number;
  drops: number;
  /** An ICMP port unreachable came for a connected socket. */
  refused: boolean;
};

export type SimulatedSocket = Stream | DatagramSocket;

/** What every driver on one simulated machine shares: addresses, and the clock that SYNs are sent again by. */
export type Network = {
  readonly clock: SimulatedClock;
  /** Bytes that each of a stream's two queues, and a datagram socket's one, can hold. */
  readonly capacity: number;
  readonly bound: Map<string, SimulatedSocket>;
  readonly freePort: () => number;
};

export const createNetwork = (clock: SimulatedClock, capacity = 32 * 1024): Network => {
  let port = 40_000;
  return { clock, capacity, bound: new Map(), freePort: () => ++port };
};

export const newStream = (family: Family): Stream => ({
  kind: 'stream',
  family,
  local: null,
  peer: null,
  state: 'closed',
  backlog: 0,
  queue: [],
  other: null,
  unsent: createByteQueue(),
  unread: createByteQueue(),
  shut: false,
  ended: false,
  reset: false,
  broken: false,
  nextSyn: null,
  retransmits: 0,
});

const wildcards = ['0.0.0.0', '::'];

const keyOf = (kind: SimulatedSocket['kind'], { host, port }: InetEndpoint): string =>
  `${kind} ${host} ${port}`;

/** This machine has no Unix sockets. */
export const onInternet = (address: Endpoint): InetEndpoint => {
  if (isInet(address)) return address;
  throw new Error('the simulated machine has sockets of the internet only');
};

/** The socket bound to an address: exactly, or to every interface. */
export const boundTo = (
  network: Network,
  kind: SimulatedSocket['kind'],
  address: Endpoint,
): SimulatedSocket | undefined => {
  const { host: exact, port } = onInternet(address);
  for (const host of [exact, ...wildcards]) {
    const found = network.bound.get(keyOf(kind, inet(host, port)));
    if (found) return found;
  }
  return undefined;
};

export const loopback = (family: Family): string => (family === 'AF_INET' ? '127.0.0.1' : '::1');

/** bind(2); port 0 takes a free one. */
export const bind = (network: Network, socket: SimulatedSocket, address: Endpoint): ErrorCode | null => {
  if (socket.local) return 'EINVAL';
  const { host, port } = onInternet(address);
  const local = inet(host, Number(port) || network.freePort());
  if (boundTo(network, socket.kind, local)) return 'EADDRINUSE';
  socket.local = local;
  network.bound.set(keyOf(socket.kind, local), socket);
  return null;
};

export const unbind = (network: Network, socket: SimulatedSocket): void => {
  if (!socket.local) return;
  const key = keyOf(socket.kind, socket.local);
  if (network.bound.get(key) === socket) network.bound.delete(key);
};

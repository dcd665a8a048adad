import { type Endpoint, hostAt, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Family } from '../../source/core/model/names.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import {
  bind,
  boundTo,
  type Datagram,
  type DatagramSocket,
  loopback,
  type Network,
  onInternet,
} from './simulated-network.ts';

/** The most one IPv4 datagram carries: 65,535 less IP's 20 and UDP's 8 bytes of header. */
const largest = 65_507;

/** What a datagram costs its queue besides its bytes (the kernel counts the memory that it lies in). */
const overhead = 256;

export const newDatagramSocket = (family: Family): DatagramSocket => ({
  kind: 'datagram',
  family,
  local: null,
  peer: null,
  queue: [],
  queued: 0,
  drops: 0,
  refused: false,
});

const same = (a: Endpoint, b: Endpoint): boolean => hostAt(a) === hostAt(b) && portAt(a) === portAt(b);

/** The address a datagram comes from, as its receiver sees it. */
const sourceOf = (socket: DatagramSocket): Endpoint => {
  const { host, port } = socket.local!;
  return inet(host === '0.0.0.0' || host === '::' ? loopback(socket.family) : host, port);
};

const autobind = (network: Network, socket: DatagramSocket): void => {
  const wildcard = socket.family === 'AF_INET' ? '0.0.0.0' : '::';
  if (!socket.local) bind(network, socket, inet(wildcard, 0));
};

/** Sets the default peer, and fixes the local address; nothing is sent. */
export const connectDatagrams = (network: Network, socket: DatagramSocket, address: Endpoint): void => {
  if (!socket.local) bind(network, socket, inet(loopback(socket.family), 0));
  socket.peer = onInternet(address);
};

export const sendDatagram = (
  network: Network,
  socket: DatagramSocket,
  data: Uint8Array,
  address: Endpoint | null,
): number | ErrorCode => {
  const to = address ?? socket.peer;
  if (!to) return 'EDESTADDRREQ';
  if (data.length > largest) return 'EMSGSIZE';
  if (socket.refused) {
    socket.refused = false;
    return 'ECONNREFUSED';
  }
  autobind(network, socket);
  const target = boundTo(network, 'datagram', to);
  if (target?.kind !== 'datagram') {
    if (socket.peer) socket.refused = true;
    return data.length;
  }
  const from = sourceOf(socket);
  if (target.peer && !same(target.peer, from)) return data.length;
  if (target.queued + data.length + overhead > network.capacity) {
    target.drops++;
    return data.length;
  }
  target.queue.push({ from, data: data.slice() });
  target.queued += data.length + overhead;
  return data.length;
};

/** One datagram; null would block. */
export const takeDatagram = (socket: DatagramSocket, peek: boolean): Datagram | ErrorCode | null => {
  if (socket.refused) {
    socket.refused = false;
    return 'ECONNREFUSED';
  }
  const first = socket.queue[0];
  if (!first) return null;
  if (!peek) {
    socket.queue.shift();
    socket.queued -= first.data.length + overhead;
  }
  return first;
};

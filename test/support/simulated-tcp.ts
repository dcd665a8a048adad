import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import {
  boundTo,
  loopback,
  type Network,
  newStream,
  onInternet,
  type Stream,
  unbind,
} from './simulated-network.ts';

/** Linux sends a SYN again after 1 s, and then after twice the time before. */
const firstSynMs = 1000;

/** How often, before a connect ends with ETIMEDOUT (tcp(7), tcp_syn_retries). */
const synRetries = 6;

/** Moves what was taken from the application to the peer's receive queue, as far as that has room. */
const pump = (network: Network, from: Stream): void => {
  const to = from.other;
  if (!to) return;
  const free = Math.max(0, network.capacity - to.unread.size());
  if (free > 0 && from.unsent.size() > 0) to.unread.push(from.unsent.take(free));
  if (from.shut && from.unsent.size() === 0) to.ended = true;
};

/** Takes what there is room for: 0 bytes would block. */
export const send = (network: Network, socket: Stream, data: Uint8Array): number | ErrorCode => {
  if (socket.reset) {
    socket.reset = false;
    return 'ECONNRESET';
  }
  if (socket.state !== 'connected' || socket.shut || socket.broken) return 'EPIPE';
  if (socket.other?.state === 'closed') {
    // The kernel takes them, and only the answer, a reset, tells that nobody is there.
    socket.broken = true;
    return data.length;
  }
  pump(network, socket);
  let taken = 0;
  while (taken < data.length) {
    const free = network.capacity - socket.unsent.size();
    if (free <= 0) break;
    socket.unsent.push(data.subarray(taken, taken + free));
    taken = Math.min(data.length, taken + free);
    pump(network, socket);
  }
  return taken;
};

/** At most `size` bytes; none at the end of the stream; null would block. */
export const recv = (
  network: Network,
  socket: Stream,
  size: number,
  peek: boolean,
): Uint8Array | ErrorCode | null => {
  if (socket.unread.size() > 0) {
    const data = socket.unread.take(size, peek);
    if (socket.other) pump(network, socket.other);
    return data;
  }
  if (socket.reset) {
    socket.reset = false;
    return 'ECONNRESET';
  }
  if (socket.ended || socket.broken) return new Uint8Array(0);
  return socket.state === 'connected' ? null : 'ENOTCONN';
};

export const listen = (socket: Stream, backlog: number): ErrorCode | null => {
  if (socket.state === 'connected') return 'EINVAL';
  socket.state = 'listen';
  socket.backlog = backlog;
  return null;
};

const shakeHands = (network: Network, client: Stream, listener: Stream, address: Endpoint): void => {
  client.local ??= inet(loopback(client.family), network.freePort());
  const served = newStream(listener.family);
  Object.assign(served, { state: 'connected', local: address, peer: client.local, other: client });
  Object.assign(client, { state: 'connected', peer: address, other: served, nextSyn: null });
  listener.queue.push(served);
};

const sendSyn = (network: Network, client: Stream, address: Endpoint, wait: number): void => {
  if (client.state !== 'syn-sent') return;
  const listener = boundTo(network, 'stream', address);
  if (listener?.kind !== 'stream' || listener.state !== 'listen') {
    client.state = 'refused';
    return;
  }
  // Linux drops the SYN while more than `backlog` connections wait.
  if (listener.queue.length <= listener.backlog) {
    shakeHands(network, client, listener, address);
    return;
  }
  client.nextSyn = network.clock.now() + wait;
  network.clock.after(wait, () => {
    if (client.state === 'syn-sent' && client.retransmits === synRetries) {
      client.state = 'timed-out';
      return;
    }
    client.retransmits++;
    sendSyn(network, client, address, wait * 2);
  });
};

export const connect = (network: Network, client: Stream, address: Endpoint): ErrorCode | null => {
  if (client.state === 'connected') return 'EISCONN';
  if (client.state === 'listen') return 'EINVAL';
  const { host: asked, port } = onInternet(address);
  const host = asked === '0.0.0.0' || asked === '::' ? loopback(client.family) : asked;
  client.state = 'syn-sent';
  client.peer = inet(host, port);
  sendSyn(network, client, client.peer, firstSynMs);
  return null;
};

/** Whether a connect in flight would be let in by a SYN that is sent now. */
export const hasRoomFor = (network: Network, client: Stream): boolean => {
  const listener = client.peer && boundTo(network, 'stream', client.peer);
  return listener?.kind === 'stream' && listener.queue.length <= listener.backlog;
};

/** Half-close: the peer reads what is on its way, then the end. */
export const shutdownWrite = (network: Network, socket: Stream): ErrorCode | null => {
  if (socket.state !== 'connected') return 'ENOTCONN';
  socket.shut = true;
  pump(network, socket);
  return null;
};

const breakOff = (socket: Stream | null): void => {
  if (socket?.state !== 'connected') return;
  socket.reset = true;
  socket.broken = true;
  socket.unsent.clear();
  socket.unread.clear();
};

/** close(2): a reset where data was left unread or `hard`, else the rest goes out with the end behind it. */
export const closeStream = (network: Network, socket: Stream, hard: boolean): void => {
  unbind(network, socket);
  for (const waiting of socket.queue) breakOff(waiting.other);
  if (hard || socket.unread.size() > 0) breakOff(socket.other);
  else if (socket.state === 'connected') shutdownWrite(network, socket);
  // What the peer sends to a closed socket is answered by a reset.
  if (socket.other && socket.other.unsent.size() > 0) breakOff(socket.other);
  socket.state = 'closed';
  socket.queue = [];
};

/** ss's word for it, as the kernel's tables have it. */
export const stateWord = (socket: Stream): string => {
  switch (socket.state) {
    case 'listen':
      return 'LISTEN';
    case 'syn-sent':
      return 'SYN-SENT';
    case 'connected':
      if (socket.broken) return 'CLOSED';
      if (socket.shut) return socket.ended ? 'LAST-ACK' : 'FIN-WAIT-2';
      return socket.ended ? 'CLOSE-WAIT' : 'ESTAB';
    default:
      return 'CLOSED';
  }
};

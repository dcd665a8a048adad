import type { Endpoint } from '../../source/core/addresses/endpoint.ts';
import { byteLength, slice } from '../../source/core/bytes/bytes.ts';
import type { Call, CallOf } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import { concatenate } from './byte-queue.ts';
import type { DatagramSocket, Network, Stream } from './simulated-network.ts';
import { connect, recv, send } from './simulated-tcp.ts';
import { sendDatagram, takeDatagram } from './simulated-udp.ts';

/**
 * A call that may block, as something to try again: an outcome, or null where it would block. `taken` counts bytes
 * that the kernel took or gave so far; `undo` puts back what a receive that is ended early had gathered.
 */
export type Attempted = {
  readonly step: () => Outcome | null;
  readonly taken: () => number;
  readonly undo: () => void;
};

export const blocking = (step: () => Outcome | null): Attempted => ({
  step,
  taken: () => 0,
  undo: () => {},
});

const outcomeOf = (error: ErrorCode | null, good: Outcome): Outcome => (error ? failure(error) : good);

/** sendall, and send: which with a time-out returns after the first bytes taken, without one as sendall does. */
export const sending = (
  network: Network,
  socket: Stream,
  call: CallOf<'send'> | CallOf<'sendall'>,
  timeout: number | null,
): Attempted => {
  const size = byteLength(call.data);
  let taken = 0;
  const step = (): Outcome | null => {
    do {
      const count = send(network, socket, slice(call.data, taken, network.capacity));
      if (typeof count === 'string') return failure(count, undefined, taken > 0 ? taken : undefined);
      taken += count;
      if (call.name === 'send' && timeout !== null && taken > 0) return { kind: 'count', count: taken };
      if (count === 0 && taken < size) return null;
    } while (taken < size);
    return call.name === 'send' ? { kind: 'count', count: taken } : ok;
  };
  return { step, taken: () => taken, undo: () => {} };
};

/** Whether a peek that wants all of it can end: it is there, or no more will come. */
const canPeek = ({ unread, ended, broken, reset, state }: Stream, size: number): boolean =>
  unread.size() >= size || ended || broken || reset || state !== 'connected';

/** With a time-out MSG_WAITALL returns what is there. */
export const receiving = (
  network: Network,
  socket: Stream,
  call: CallOf<'recv'>,
  timeout: number | null,
): Attempted => {
  const flags = call.flags ?? [];
  const peek = flags.includes('MSG_PEEK');
  const all = flags.includes('MSG_WAITALL') && timeout === null;
  const target = all && !peek ? call.size : 1;
  let parts: Uint8Array[] = [];
  let taken = 0;
  const step = (): Outcome | null => {
    if (all && peek && !canPeek(socket, call.size)) return null;
    do {
      const data = recv(network, socket, call.size - taken, peek);
      if (data === null) return null;
      if (typeof data === 'string') return failure(data);
      parts.push(data);
      taken += data.length;
      if (data.length === 0) break;
    } while (taken < target);
    return { kind: 'data', data: concatenate(parts) };
  };
  const undo = () => {
    socket.unread.unshift(concatenate(parts));
    parts = [];
    taken = 0;
  };
  return { step, taken: () => taken, undo };
};

export const connecting = (network: Network, socket: Stream, address: Endpoint): Attempted => {
  const refused = connect(network, socket, address);
  const step = (): Outcome | null => {
    if (refused) return failure(refused);
    if (socket.state === 'refused') {
      socket.state = 'closed';
      return failure('ECONNREFUSED');
    }
    if (socket.state === 'timed-out') {
      socket.state = 'closed';
      return failure('ETIMEDOUT');
    }
    if (socket.state !== 'connected') return null;
    return { kind: 'none', local: socket.local!, peer: socket.peer! };
  };
  const undo = () => {
    if (socket.state === 'syn-sent') socket.state = 'closed';
  };
  return { step, taken: () => 0, undo };
};

export const sendingDatagram = (
  network: Network,
  socket: DatagramSocket,
  call: CallOf<'send'> | CallOf<'sendall'> | CallOf<'sendto'>,
): Outcome => {
  const bound = socket.local !== null;
  const data = slice(call.data, 0, byteLength(call.data));
  const count = sendDatagram(network, socket, data, call.name === 'sendto' ? call.address : null);
  if (typeof count === 'string') return failure(count);
  if (call.name === 'sendall') return ok;
  return { kind: 'count', count, ...(bound ? {} : { local: socket.local! }) };
};

export const receivingDatagram = (socket: DatagramSocket, call: Call): Attempted =>
  blocking(() => {
    if (call.name !== 'recv' && call.name !== 'recvfrom') return outcomeOf('EINVAL', ok);
    const taken = takeDatagram(socket, call.flags?.includes('MSG_PEEK') ?? false);
    if (taken === null) return null;
    if (typeof taken === 'string') return failure(taken);
    const lost = Math.max(0, taken.data.length - call.size);
    const from = call.name === 'recvfrom' || taken.data.length === 0 ? { from: taken.from } : {};
    return { kind: 'data', data: taken.data.subarray(0, call.size), ...from, ...(lost > 0 ? { lost } : {}) };
  });

import type { CallOf } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import { type ByteQueue, createByteQueue } from './byte-queue.ts';
import type { Network, Stream } from './simulated-network.ts';
import { recv, send } from './simulated-tcp.ts';

/** How far Python's buffered reader reads ahead. */
const readAhead = 8192;

const newline = 10;

/** A file object over a stream: bytes read ahead of its caller, bytes written and not yet flushed. */
export type SimulatedFile = {
  readonly socket: string;
  readonly stream: Stream;
  readonly ahead: ByteQueue;
  readonly unflushed: ByteQueue;
  /** After a time-out CPython's file object refuses to read. */
  timedOut: boolean;
};

export const newFile = (socket: string, stream: Stream): SimulatedFile => ({
  socket,
  stream,
  ahead: createByteQueue(),
  unflushed: createByteQueue(),
  timedOut: false,
});

/** Reads ahead: whether there were bytes, the stream ended, an error, or null where it would block. */
const fill = (network: Network, file: SimulatedFile): 'more' | 'end' | ErrorCode | null => {
  const data = recv(network, file.stream, readAhead, false);
  if (data === null || typeof data === 'string') return data;
  file.ahead.push(data);
  return data.length === 0 ? 'end' : 'more';
};

const gather = (network: Network, file: SimulatedFile, wanted: () => number): Outcome | null => {
  if (file.timedOut) return failure('TIMED_OUT_OBJECT');
  for (;;) {
    const count = wanted();
    if (count > 0) return { kind: 'data', data: file.ahead.take(count) };
    const filled = fill(network, file);
    if (filled === null) return null;
    if (filled === 'end') return { kind: 'data', data: file.ahead.take(file.ahead.size()) };
    if (filled !== 'more') return failure(filled);
  }
};

export const readFile = (network: Network, file: SimulatedFile, call: CallOf<'read'>): Outcome | null => {
  const size = call.size ?? Number.POSITIVE_INFINITY;
  return gather(network, file, () => (file.ahead.size() >= size ? size : 0));
};

export const readLine = (network: Network, file: SimulatedFile): Outcome | null =>
  gather(network, file, () => {
    const held = file.ahead.take(file.ahead.size(), true);
    return held.indexOf(newline) + 1;
  });

/** Hands over what the kernel takes; `progress` hears how much. Null while some is left. */
export const flushFile = (
  network: Network,
  file: SimulatedFile,
  progress: (bytes: number) => void,
): Outcome | null => {
  while (file.unflushed.size() > 0) {
    const taken = send(network, file.stream, file.unflushed.take(network.capacity, true));
    if (typeof taken === 'string') return failure(taken);
    if (taken === 0) return null;
    file.unflushed.take(taken);
    progress(taken);
  }
  return ok;
};

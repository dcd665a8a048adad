import type { SocketFacts } from '../../core/model/socket-facts.ts';

/*
 * A thread that ends while native code runs in it may take the whole process with it. From that moment on Node's C interface
 * refuses to make functions and objects for it, and koffi, which makes some hundreds where it is loaded, goes on with what it
 * was not given, or calls abort (node-addon-api's documentation, NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS). So nobody ends a
 * thread of this program that is in there: whoever wants to waits at its gate, a word of memory that both have.
 */

const open = 0;
const inside = 1;
const shut = 2;

/** For one thread. Goes to it with what it is told when it begins. */
export type Gate = Int32Array<SharedArrayBuffer>;

export const createGate = (): Gate => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** In ms: native code of a look takes some, at most. Who has not come out by then never will. */
const longest = 2_000;

/** For whoever ends the thread: returns once no native code runs in it, and from then on none will. */
export const shutGate = (gate: Gate): void => {
  while (Atomics.compareExchange(gate, 0, open, shut) === inside)
    if (Atomics.wait(gate, 0, inside, longest) === 'timed-out') return;
};

const kept = new Set<Gate>();

const shutAll = (): void => {
  for (const gate of kept) shutGate(gate);
};

/** Has a gate shut where the process exits, which ends its threads as well. The answer gives it up: its thread is no more. */
export const keepUntilExit = (gate: Gate): (() => void) => {
  if (kept.size === 0) process.on('exit', shutAll);
  kept.add(gate);
  return () => {
    kept.delete(gate);
    if (kept.size === 0) process.off('exit', shutAll);
  };
};

/** For the thread: runs it with the gate held open; null where that is shut. */
const through = <T>(gate: Gate, run: () => T): T | null => {
  if (Atomics.compareExchange(gate, 0, open, inside) !== open) return null;
  try {
    return run();
  } finally {
    Atomics.store(gate, 0, open);
    Atomics.notify(gate, 0);
  }
};

/** The same facts, asked for through a gate. */
export const gatedFacts = (gate: Gate, { timesOf, unixSockets, tcpLines }: SocketFacts): SocketFacts => ({
  timesOf: (pid, fd) => through(gate, () => timesOf(pid, fd)),
  unixSockets: () => through(gate, unixSockets),
  tcpLines: table => through(gate, () => tcpLines(table)),
});

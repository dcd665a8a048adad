import type { Program } from '../core/actors.ts';
import type { Call } from '../core/call.ts';
import type { LoopName } from '../core/entry.ts';
import type { ErrorCode } from '../core/error-table.ts';
import type { Policy } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Clock } from './clock.ts';
import type { LiveSocket } from './registry.ts';

/** Bytes a receive loop asks for at a time: of a fast stream, more would keep the sender waiting, less makes more entries. */
export const pieceSize = 128 << 10;

/** No datagram is larger. */
const largestDatagram = 65_536;

export type LoopHost = {
  readonly perform: (call: Call, options: { looped: true; onEnd: (outcome: Outcome) => void }) => number;
  readonly cancel: (id: number) => boolean;
  readonly on: (program: Program, loop: LoopName) => boolean;
  readonly policy: (program: Program) => Policy;
  readonly socket: (name: string) => Pick<LiveSocket, 'actor' | 'type'> | undefined;
  readonly after: Clock['after'];
};

/**
 * Loops OF calls: an accept loop a listener, a receive loop a socket. Under `single` a server's loop is the
 * textbook's: accept, receive until EOF, close, accept again. Under the others it closes after EOF too, as long as both
 * loops are on: what has ended must not keep its descriptor.
 */
export type Loops = {
  /** A listener listens, or a socket can receive: its loop starts where the program's is on. */
  readonly ready: (socket: string, loop: LoopName) => void;
  /** The person turned a program's loop on or off. */
  readonly switched: (program: Program, loop: LoopName, on: boolean) => void;
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
};

/** What a loop does after a call: make it again, at once or after a pause, or end. */
type Next = 'again' | 'later' | 'end';

/** The call in flight; 0: none. A loop ends by leaving the table, so that a late end or pause finds itself replaced. */
type LoopState = { call: number };

const ended = (outcome: Outcome): boolean => outcome.kind === 'error';

/** Its client was gone, or did not come in time: accept is made again. */
const passing: readonly ErrorCode[] = ['ECONNABORTED', 'TIMEOUT'];

/** Nothing is left to make a socket of. The client stays queued, and accept would fail at once as long as that lasts. */
const exhausted: readonly ErrorCode[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** Ms until an accept loop tries again that found nothing left: soon for a person, and no flood of entries. */
export const exhaustedPause = 1000;

const afterAccept = (outcome: Outcome): Next => {
  if (outcome.kind !== 'error') return 'again';
  if (exhausted.includes(outcome.code)) return 'later';
  return passing.includes(outcome.code) ? 'again' : 'end';
};

export const createLoops = (host: LoopHost): Loops => {
  const running = new Map<string, LoopState>();
  /** Everything that could loop, so that switching on finds it. */
  const able = new Map<string, LoopName>();
  /** Accepted sockets whose end lets a single-threaded server accept again, and the listener that waits. */
  const servedBy = new Map<string, string>();
  /** Sockets that the accept loop has taken: their receive loop closes them. */
  const taken = new Set<string>();

  const textbook = (program: Program) =>
    host.policy(program) === 'single' && host.on(program, 'accept') && host.on(program, 'receive');

  /** Makes the call over and over as `next` says. What does not change from one to the next is made once. */
  const repeat = (socket: string, call: Call, next: (outcome: Outcome) => Next) => {
    const state: LoopState = { call: 0 };
    running.set(socket, state);
    let performing = false;
    let again = true;
    /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
    const perform = () => {
      performing = true;
      while (again && running.get(socket) === state) {
        again = false;
        const id = host.perform(call, options);
        if (!again) state.call = id;
      }
      performing = false;
    };
    const goOn = () => {
      if (running.get(socket) !== state) return;
      again = true;
      if (!performing) perform();
    };
    const onEnd = (outcome: Outcome) => {
      state.call = 0;
      if (running.get(socket) !== state) return;
      const then = next(outcome);
      if (then === 'end') running.delete(socket);
      else if (then === 'later') host.after(exhaustedPause, goOn);
      else goOn();
    };
    const options = { looped: true, onEnd } as const;
    perform();
  };

  const accept = (listener: string, program: Program) =>
    repeat(listener, { name: 'accept', on: listener }, outcome => {
      if (!host.on(program, 'accept')) return 'end';
      if (outcome.kind === 'made') taken.add(outcome.name);
      if (outcome.kind !== 'made' || !textbook(program)) return afterAccept(outcome);
      servedBy.set(outcome.name, listener);
      return 'end';
    });

  const served = (socket: string) => {
    const listener = servedBy.get(socket);
    servedBy.delete(socket);
    if (listener && able.has(listener)) start(listener, 'accept');
  };

  const receive = (socket: string, program: Program) => {
    const call: Call =
      host.socket(socket)?.type === 'SOCK_DGRAM'
        ? { name: 'recvfrom', on: socket, size: largestDatagram }
        : { name: 'recv', on: socket, size: pieceSize };
    repeat(socket, call, outcome => {
      const eof = outcome.kind === 'data' && outcome.data.length === 0 && call.name === 'recv';
      const timedOut = outcome.kind === 'error' && outcome.code === 'TIMEOUT';
      const refused = outcome.kind === 'error' && outcome.code === 'ECONNREFUSED' && call.name === 'recvfrom';
      const over = eof || (ended(outcome) && !timedOut && !refused);
      const closed = outcome.kind === 'error' && outcome.code === 'CLOSED';
      const served = servedBy.has(socket) || (taken.has(socket) && host.on(program, 'accept'));
      if (over && !closed && served) closeServed(socket);
      return !over && host.on(program, 'receive') ? 'again' : 'end';
    });
  };

  const closeServed = (socket: string) => {
    running.delete(socket);
    host.perform({ name: 'close', on: socket }, { looped: true, onEnd: () => {} });
  };

  const start = (socket: string, loop: LoopName) => {
    const program = host.socket(socket)?.actor;
    if (!program || running.has(socket) || !host.on(program, loop)) return;
    if (loop === 'accept') accept(socket, program);
    else receive(socket, program);
  };

  const halt = (socket: string) => {
    const state = running.get(socket);
    if (!state) return;
    running.delete(socket);
    if (state.call > 0) host.cancel(state.call);
  };

  return {
    ready: (socket, loop) => {
      able.set(socket, loop);
      start(socket, loop);
    },
    switched: (program, loop, on) => {
      for (const [socket, kind] of able) {
        if (kind !== loop || host.socket(socket)?.actor !== program) continue;
        if (on) start(socket, loop);
        else halt(socket);
      }
    },
    forget: socket => {
      taken.delete(socket);
      able.delete(socket);
      running.delete(socket);
      served(socket);
    },
  };
};

import type { Call } from '../core/call.ts';
import type { LoopName } from '../core/entry.ts';
import { type Policy, type Program, programOf, type SocketType } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';

/** Bytes a receive loop asks for at a time: of a fast stream, more would keep the sender waiting, less makes more entries. */
const pieceSize = 128 << 10;

/** No datagram is larger. */
const largestDatagram = 65_536;

export type LoopHost = {
  readonly perform: (call: Call, options: { looped: true; onEnd: (outcome: Outcome) => void }) => number;
  readonly cancel: (id: number) => boolean;
  readonly on: (program: Program, loop: LoopName) => boolean;
  readonly policy: (program: Program) => Policy;
  readonly typeOf: (socket: string) => SocketType | undefined;
};

/**
 * Loops OF calls: an accept loop a listener, a receive loop a socket. Under `single` a server's loop is the
 * textbook's: accept, receive until EOF, close, accept again.
 */
export type Loops = {
  /** A listener listens, or a socket can receive: its loop starts where the program's is on. */
  readonly ready: (socket: string, loop: LoopName) => void;
  /** The person turned a program's loop on or off. */
  readonly switched: (program: Program, loop: LoopName, on: boolean) => void;
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
};

/** The call in flight; 0: none. A loop ends by leaving the table, so that a late end finds itself replaced. */
type LoopState = { call: number };

const ended = (outcome: Outcome): boolean => outcome.kind === 'error';

/** An accept that came to nothing because its client was gone, or in its time, is made again; other failures end the loop. */
const acceptGoesOn = (outcome: Outcome): boolean =>
  outcome.kind === 'made' || (outcome.kind === 'error' && ['ECONNABORTED', 'TIMEOUT'].includes(outcome.code));

export const createLoops = (host: LoopHost): Loops => {
  const running = new Map<string, LoopState>();
  /** Everything that could loop, so that switching on finds it. */
  const able = new Map<string, LoopName>();
  /** Accepted sockets whose end lets a single-threaded server accept again, and the listener that waits. */
  const servedBy = new Map<string, string>();

  const textbook = (program: Program) =>
    host.policy(program) === 'single' && host.on(program, 'accept') && host.on(program, 'receive');

  /** Makes the call over and over while `goesOn`. What does not change from one to the next is made once. */
  const repeat = (socket: string, call: Call, goesOn: (outcome: Outcome) => boolean) => {
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
    const onEnd = (outcome: Outcome) => {
      state.call = 0;
      if (running.get(socket) !== state) return;
      again = goesOn(outcome);
      if (!again) running.delete(socket);
      else if (!performing) perform();
    };
    const options = { looped: true, onEnd } as const;
    perform();
  };

  const accept = (listener: string, program: Program) =>
    repeat(listener, { name: 'accept', on: listener }, outcome => {
      if (!acceptGoesOn(outcome) || !host.on(program, 'accept')) return false;
      if (outcome.kind !== 'made' || !textbook(program)) return true;
      servedBy.set(outcome.name, listener);
      return false;
    });

  const served = (socket: string) => {
    const listener = servedBy.get(socket);
    servedBy.delete(socket);
    if (listener && able.has(listener)) start(listener, 'accept');
  };

  const receive = (socket: string, program: Program) => {
    const call: Call =
      host.typeOf(socket) === 'SOCK_DGRAM'
        ? { name: 'recvfrom', on: socket, size: largestDatagram }
        : { name: 'recv', on: socket, size: pieceSize };
    repeat(socket, call, outcome => {
      const eof = outcome.kind === 'data' && outcome.data.length === 0 && call.name === 'recv';
      const timedOut = outcome.kind === 'error' && outcome.code === 'TIMEOUT';
      const refused = outcome.kind === 'error' && outcome.code === 'ECONNREFUSED' && call.name === 'recvfrom';
      const over = eof || (ended(outcome) && !timedOut && !refused);
      if (over && servedBy.has(socket)) closeServed(socket);
      return !over && host.on(program, 'receive');
    });
  };

  const closeServed = (socket: string) => {
    running.delete(socket);
    host.perform({ name: 'close', on: socket }, { looped: true, onEnd: () => {} });
  };

  const start = (socket: string, loop: LoopName) => {
    const program = programOf(socket);
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
        if (kind !== loop || programOf(socket) !== program) continue;
        if (on) start(socket, loop);
        else halt(socket);
      }
    },
    forget: socket => {
      able.delete(socket);
      running.delete(socket);
      served(socket);
    },
  };
};

import type { Answers } from '../calls/lookups.ts';
import type { Program } from '../model/actors.ts';
import type { Finding } from '../model/finding.ts';
import type { ProcessId, ProcessState } from '../model/process.ts';
import type {
  BenchState,
  CallState,
  FileState,
  ProgramState,
  SendMark,
  SocketState,
} from '../model/state.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A state being folded. Each map and each socket is copied at most once a flush, when it is first written, and
 * mutated after that: an immutable copy for every entry costs a thousand times more at 1,000 sockets.
 */
export type StateDraft = {
  readonly state: Mutable<BenchState>;
  /** The socket, this draft's own copy of it; undefined where there is none of this name. */
  readonly socket: (name: string) => Mutable<SocketState> | undefined;
  readonly peek: (name: string) => SocketState | undefined;
  /** The marks of such a copy, copied too when they are first asked for. */
  readonly sendMarks: (socket: Mutable<SocketState>) => SendMark[];
  /** Enters a new socket, in place of a closed one of its name. It is this draft's own from now on. */
  readonly openSocket: (socket: Mutable<SocketState>) => void;
  readonly sockets: () => Map<string, SocketState>;
  readonly processes: () => Map<ProcessId, ProcessState>;
  readonly files: () => Map<string, FileState>;
  readonly calls: () => Map<number, CallState>;
  readonly findings: () => Map<string, Finding>;
  readonly pairs: () => Map<string, string>;
  readonly answers: () => Map<number, Answers>;
  readonly graveyard: () => string[];
  readonly setProgram: (program: Program, change: Partial<ProgramState>) => void;
};

type MapField = 'processes' | 'sockets' | 'files' | 'calls' | 'findings' | 'pairs' | 'answers';

type Writable<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never;

export const openDraft = (base: BenchState): StateDraft => {
  const state: Mutable<BenchState> = { ...base };
  const owned = new Map<string, Mutable<SocketState>>();
  const marks = new Map<string, SendMark[]>();

  /** The state's map, copied when it is first asked for. */
  const writable = <F extends MapField>(field: F): (() => Writable<BenchState[F]>) => {
    let own: Writable<BenchState[F]> | undefined;
    return () => {
      if (!own) {
        own = new Map(state[field] as ReadonlyMap<unknown, unknown>) as Writable<BenchState[F]>;
        Object.assign(state, { [field]: own });
      }
      return own;
    };
  };
  const sockets = writable('sockets');

  const own = (socket: Mutable<SocketState>): Mutable<SocketState> => {
    owned.set(socket.name, socket);
    sockets().set(socket.name, socket);
    return socket;
  };

  let graves: string[] | undefined;
  const graveyard = (): string[] => {
    graves ??= [...state.graveyard];
    state.graveyard = graves;
    return graves;
  };

  return {
    state,
    peek: name => state.sockets.get(name),
    socket: name => {
      const copy = owned.get(name);
      if (copy) return copy;
      const found = state.sockets.get(name);
      return found && own({ ...found });
    },
    sendMarks: socket => {
      const copy = marks.get(socket.name);
      if (copy && copy === socket.sendMarks) return copy;
      const own = [...socket.sendMarks];
      marks.set(socket.name, own);
      socket.sendMarks = own;
      return own;
    },
    openSocket: socket => {
      const { name } = socket;
      // At the end of the map, which is in order of age, and no more among those to be forgotten.
      const grave = sockets().delete(name) ? graveyard().indexOf(name) : -1;
      if (grave >= 0) graveyard().splice(grave, 1);
      own(socket);
    },
    sockets,
    processes: writable('processes'),
    files: writable('files'),
    calls: writable('calls'),
    findings: writable('findings'),
    pairs: writable('pairs'),
    answers: writable('answers'),
    graveyard,
    setProgram: (program, change) => {
      state.programs = { ...state.programs, [program]: { ...state.programs[program], ...change } };
    },
  };
};

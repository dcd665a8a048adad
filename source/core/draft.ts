import type { Finding } from './finding.ts';
import type { Program } from './names.ts';
import type { BenchState, CallState, FileState, ProgramState, SocketState } from './state.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A state being folded. Each map and each socket is copied at most once a flush, when it is first written, and
 * mutated after that: an immutable copy for every entry costs a thousand times more at 1,000 sockets.
 */
export type StateDraft = {
  readonly state: Mutable<BenchState>;
  /** The socket, this draft's own copy of it; undefined where there is none of this name. */
  readonly socket: (name: string) => Mutable<SocketState> | undefined;
  readonly peek: (name: string) => SocketState | undefined;
  readonly sockets: () => Map<string, SocketState>;
  readonly addSocket: (socket: SocketState) => void;
  readonly files: () => Map<string, FileState>;
  readonly calls: () => Map<number, CallState>;
  readonly findings: () => Map<string, Finding>;
  readonly pairs: () => Map<string, string>;
  readonly setProgram: (program: Program, change: Partial<ProgramState>) => void;
};

const copyOnce = <K, V>(read: () => ReadonlyMap<K, V>, write: (map: Map<K, V>) => void) => {
  let own: Map<K, V> | undefined;
  return () => {
    if (!own) {
      own = new Map(read());
      write(own);
    }
    return own;
  };
};

export const openDraft = (base: BenchState): StateDraft => {
  const state: Mutable<BenchState> = { ...base };
  const owned = new Map<string, Mutable<SocketState>>();
  const sockets = copyOnce(
    () => state.sockets,
    map => {
      state.sockets = map;
    },
  );
  const addSocket = (socket: SocketState) => {
    const own = { ...socket };
    owned.set(socket.name, own);
    sockets().set(socket.name, own);
  };
  return {
    state,
    peek: name => state.sockets.get(name),
    socket: name => {
      const own = owned.get(name);
      if (own) return own;
      const found = state.sockets.get(name);
      if (!found) return undefined;
      addSocket(found);
      return owned.get(name);
    },
    sockets,
    addSocket,
    files: copyOnce(
      () => state.files,
      map => {
        state.files = map;
      },
    ),
    calls: copyOnce(
      () => state.calls,
      map => {
        state.calls = map;
      },
    ),
    findings: copyOnce(
      () => state.findings,
      map => {
        state.findings = map;
      },
    ),
    pairs: copyOnce(
      () => state.pairs,
      map => {
        state.pairs = map;
      },
    ),
    setProgram: (program, change) => {
      state.programs = { ...state.programs, [program]: { ...state.programs[program], ...change } };
    },
  };
};

import type { Draft } from '../../core/model/entry.ts';
import type { Repeat, RepeatOver } from '../../core/model/repeat-plan.ts';

/** What sockets send again and again, as it is between two flushes. */
export type Repeats = {
  /** In place of what was; null: nothing more. */
  readonly set: (socket: string, repeat: Repeat | null) => void;
  /** Null where nothing is. */
  readonly of: (socket: string) => Repeat | null;
  readonly over: (socket: string, how: RepeatOver) => void;
};

/** `begin` and `stop` act: `stop` tells what had been sent by then, null where nothing was on. */
export const createRepeats = (
  entry: (draft: Draft) => void,
  now: () => number,
  begin: (socket: string) => void,
  stop: (socket: string) => void,
): Repeats => {
  const repeats = new Map<string, Repeat>();

  return {
    set: (socket, repeat) => {
      stop(socket);
      if (!repeat) return;
      repeats.set(socket, repeat);
      entry({ kind: 'repeat', t: now(), socket, repeat });
      begin(socket);
    },
    of: socket => repeats.get(socket) ?? null,
    over: (socket, how) => {
      repeats.delete(socket);
      entry({ kind: 'repeat', t: now(), socket, repeat: null, over: how });
    },
  };
};

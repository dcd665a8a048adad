/** How late a stream may tell of a moment, in ms: what it prints is on its way for so long at most on a machine that is busy. */
const lateMs = 20;

/**
 * What several straces tell, `at` ms since 1970, in the order of its times. That of one keeps its order, whatever its times.
 * Within the window, who was read first does not count; beyond it nothing is held up.
 */
export type Merge<T extends { readonly at: number }> = {
  readonly add: (stream: number, moments: readonly T[]) => void;
  /** The time to which a stream has told; null: to none yet, or it has ended. */
  readonly reached: (stream: number) => number | null;
  /** One more stream, by its number. */
  readonly open: () => number;
  /** What no other stream can still come before: `now` in ms since 1970. */
  readonly take: (now: number) => T[];
  /** How many are held up. */
  readonly size: () => number;
  /** Nothing more comes from it: it holds up no other. */
  readonly close: (stream: number) => void;
};

type Held<T> = { readonly moment: T; readonly at: number };

/** `count` streams, from 0. */
export const createMerge = <T extends { readonly at: number }>(count: number): Merge<T> => {
  const queues: Held<T>[][] = Array.from({ length: count }, () => []);
  const latest = new Array<number>(count).fill(0);
  const closed = new Set<number>();

  /** Before this every stream has told all, or is late. */
  const horizon = (now: number): number => {
    const open = latest.filter((_, stream) => !closed.has(stream));
    return Math.max(now - lateMs, open.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...open));
  };

  const first = (): Held<T>[] | null => {
    let best: Held<T>[] | null = null;
    for (const queue of queues) {
      if (queue.length > 0 && (best === null || queue[0]!.at < best[0]!.at)) best = queue;
    }
    return best;
  };

  return {
    add: (stream, moments) => {
      for (const moment of moments) {
        // A call that was told late began before what its stream has told already.
        const at = Math.max(moment.at, latest[stream]!);
        latest[stream] = at;
        queues[stream]!.push({ moment, at });
      }
    },
    reached: stream => (closed.has(stream) ? null : latest[stream] || null),
    open: () => {
      latest.push(0);
      return queues.push([]) - 1;
    },
    take: now => {
      const until = horizon(now);
      const taken: T[] = [];
      for (let queue = first(); queue && queue[0]!.at <= until; queue = first()) {
        taken.push(queue.shift()!.moment);
      }
      return taken;
    },
    size: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    close: stream => void closed.add(stream),
  };
};

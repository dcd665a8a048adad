import type { Moment } from './moments.ts';

/** How late a stream may tell of a moment, in ms: what it prints is on its way for so long at most on a machine that is busy. */
const lateMs = 20;

/**
 * The moments of several straces in the order of their times. Those of one keep their order, whatever their times. Within the
 * window, who was read first does not count; beyond it nothing is held up.
 */
export type Merge = {
  readonly add: (stream: number, moments: readonly Moment[]) => void;
  /** One more stream, by its number. */
  readonly open: () => number;
  /** What no other stream can still come before: `now` in ms since 1970. */
  readonly take: (now: number) => Moment[];
  /** How many are held up. */
  readonly size: () => number;
  /** Nothing more comes from it: it holds up no other. */
  readonly close: (stream: number) => void;
};

type Held = { readonly moment: Moment; readonly at: number };

/** `count` streams, from 0. */
export const createMerge = (count: number): Merge => {
  const queues: Held[][] = Array.from({ length: count }, () => []);
  const latest = new Array<number>(count).fill(0);
  const closed = new Set<number>();

  /** Before this every stream has told all, or is late. */
  const horizon = (now: number): number => {
    const open = latest.filter((_, stream) => !closed.has(stream));
    return Math.max(now - lateMs, open.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...open));
  };

  const first = (): Held[] | null => {
    let best: Held[] | null = null;
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
    open: () => {
      latest.push(0);
      return queues.push([]) - 1;
    },
    take: now => {
      const until = horizon(now);
      const taken: Moment[] = [];
      for (let queue = first(); queue && queue[0]!.at <= until; queue = first()) {
        taken.push(queue.shift()!.moment);
      }
      return taken;
    },
    size: () => queues.reduce((sum, queue) => sum + queue.length, 0),
    close: stream => void closed.add(stream),
  };
};

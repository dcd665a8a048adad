import type { Clock } from '../../source/bench/engine/clock.ts';

type Timer = { readonly at: number; readonly order: number; readonly run: () => void };

/** A clock that stands still until it is told to go on. Timers due at one moment run in the order they were set. */
export type SimulatedClock = Clock & {
  /** When the next timer is due, in ms; null: none is set. */
  readonly next: () => number | null;
  /** Goes to the next timer and runs it; false where none is due up to `limit` ms, which it then goes to. */
  readonly step: (limit: number) => boolean;
};

export const createSimulatedClock = (): SimulatedClock => {
  const timers = new Set<Timer>();
  let now = 0;
  let order = 0;
  const first = (): Timer | null => {
    let found: Timer | null = null;
    for (const timer of timers) {
      if (!found || timer.at < found.at || (timer.at === found.at && timer.order < found.order))
        found = timer;
    }
    return found;
  };
  const after: Clock['after'] = (ms, run) => {
    const timer = { at: now + Math.max(0, ms), order: ++order, run };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  return {
    now: () => now,
    origin: 0,
    after,
    deadline: after,
    next: () => first()?.at ?? null,
    step: limit => {
      const timer = first();
      if (!timer || timer.at > limit) {
        now = Math.max(now, limit);
        return false;
      }
      timers.delete(timer);
      now = timer.at;
      timer.run();
      return true;
    },
  };
};

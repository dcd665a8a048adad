import { performance } from 'node:perf_hooks';

/** Time and timers, injected so that tests own them. */
export type Clock = {
  /** Milliseconds, with microseconds behind the point, from any fixed start. */
  readonly now: () => number;
  /** Wall-clock milliseconds since 1970 of the moment now() is zero. */
  readonly origin: number;
  /** Runs once after `ms`; returns how to take it back. Does not keep the process alive. */
  readonly after: (ms: number, run: () => void) => () => void;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  origin: performance.timeOrigin,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

import { performance } from 'node:perf_hooks';

/** Time and timers, injected so that tests own them. */
export type Clock = {
  /** Milliseconds, with microseconds behind the point, from any fixed start. */
  readonly now: () => number;
  /** Wall-clock milliseconds since 1970 of the moment now() is zero. */
  readonly origin: number;
  /** Runs once, no sooner than `ms` from now; returns how to take it back. Does not keep the process alive. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** Node takes a longer one for 1 ms (its timers document). */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  origin: performance.timeOrigin,
  after: (ms, run) => {
    const due = performance.now() + ms;
    let timer: NodeJS.Timeout;
    // Node cuts off fractions and counts from when its event loop last looked at the clock: up to 2 ms too early.
    const check = () => {
      const left = due - performance.now();
      if (left > 0) wait(left);
      else run();
    };
    const wait = (left: number) => {
      timer = setTimeout(check, Math.min(left, longestTimer)).unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

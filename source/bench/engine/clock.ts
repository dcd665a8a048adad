import { performance } from 'node:perf_hooks';

/** Time and timers, injected so that tests own them. */
export type Clock = {
  /** Milliseconds, with microseconds behind the point, from any fixed start. */
  readonly now: () => number;
  /** Wall-clock milliseconds since 1970 of the moment now() is zero. */
  readonly origin: number;
  /** Runs once, no sooner than `ms` from now; returns how to take it back. Does not keep the process alive. */
  readonly after: (ms: number, run: () => void) => () => void;
  /**
   * The same for what gives a wait up: what had come by then is heard first, as poll(2) returns what is ready however late
   * it is scheduled again. Keeps the process alive, as what is waited for would.
   */
  readonly deadline: (ms: number, run: () => void) => () => void;
};

/** Node takes a longer one for 1 ms (its timers document). */
const longestTimer = 2 ** 31 - 1;

type Hold = (timer: NodeJS.Timeout) => NodeJS.Timeout;

const wait = (ms: number, run: () => void, hold: Hold): (() => void) => {
  const due = performance.now() + ms;
  let timer: NodeJS.Timeout;
  // Node cuts off fractions and counts from when its event loop last looked at the clock: up to 2 ms too early.
  const check = () => {
    const left = due - performance.now();
    if (left > 0) start(left);
    else run();
  };
  const start = (left: number) => {
    timer = hold(setTimeout(check, Math.min(left, longestTimer)));
  };
  start(ms);
  return () => clearTimeout(timer);
};

export const systemClock: Clock = {
  now: () => performance.now(),
  origin: performance.timeOrigin,
  after: (ms, run) => wait(ms, run, timer => timer.unref()),
  // libuv serves timers before it polls (its design overview, "The I/O loop"): a process that was held up, by a long turn or
  // by others, finds both at once. One turn for the poll, one for a driver that reports a turn after it: inOneTurn of the
  // drivers, which no bench imports.
  deadline: (ms, run) => {
    let turn: NodeJS.Immediate | undefined;
    const over = () => {
      turn = setImmediate(() => {
        turn = setImmediate(run);
      });
    };
    const back = wait(ms, over, timer => timer);
    return () => {
      back();
      clearImmediate(turn);
    };
  },
};

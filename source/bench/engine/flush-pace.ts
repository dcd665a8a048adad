import type { Clock } from './clock.ts';

/** The screen's frame time: at most 30 folds a second. */
const frameMs = 33;

/** When quiet: long enough for a call over loopback to end in its flush, too short to be noticed. */
const quietMs = 4;

/**
 * While more than this many entries come in a frame nobody reads what flies by: telling it three times as seldom leaves the processor
 * to those who move the bytes.
 */
const manyEntries = 100;
const floodFrameMs = 100;

export type FlushPaceOptions = {
  readonly clock: Clock;
  readonly now: () => number;
  /** Entries that came since listeners were told. */
  readonly untold: () => number;
  /** Folds what came, and tells nobody. */
  readonly drain: () => void;
  /** The same, and tells; it calls `flushed`. */
  readonly flush: () => void;
};

/** When what came in is folded and told. A flush that a key asks for comes between, and is told at once. */
export type FlushPace = {
  /** Something came in. */
  readonly due: () => void;
  readonly flushed: () => void;
  readonly stop: () => void;
};

export const createFlushPace = ({ clock, now, untold, drain, flush }: FlushPaceOptions): FlushPace => {
  let lastFlush = Number.NEGATIVE_INFINITY;
  let lastFold = Number.NEGATIVE_INFINITY;
  let clearTimer: (() => void) | undefined;

  const stop = () => {
    clearTimer?.();
    clearTimer = undefined;
  };

  /** In a flood what came is folded as often as ever, or a key would have to wait for that. */
  const frame = () => {
    clearTimer = undefined;
    const left = lastFlush + floodFrameMs - now();
    if (left <= 0 || untold() <= manyEntries) return flush();
    lastFold = now();
    drain();
    clearTimer = clock.after(Math.min(left, frameMs), frame);
  };

  return {
    due: () => {
      if (clearTimer) return;
      const sinceLast = now() - Math.max(lastFlush, lastFold);
      clearTimer = clock.after(sinceLast >= frameMs ? quietMs : frameMs - sinceLast, frame);
    },
    flushed: () => {
      stop();
      lastFlush = now();
    },
    stop,
  };
};

import { isProgram } from './actors.ts';
import type { EndedEntry, Entry } from './entry.ts';

/** Between the switch and the end of what it cancels: the end is told in the same flush or the next, in ms. */
const atOnceMs = 1_000;

/** A program has hundreds of sockets at most whose loops are switched off together. */
const furthest = 500;

const wasCancelled = ({ looped, outcome }: EndedEntry): boolean =>
  looped && outcome.kind === 'error' && outcome.code === 'INTERRUPTED';

/**
 * Whether a call of a loop ended because its loop was switched off: nothing failed then. Which end that was stands nowhere; the
 * switch stands right before it.
 */
export const isLoopOff = (entry: EndedEntry, at: (n: number) => Entry | undefined): boolean => {
  if (!wasCancelled(entry) || !isProgram(entry.actor) || entry.afterwards) return false;
  for (let n = entry.n - 1; n >= entry.n - furthest; n--) {
    const before = at(n);
    if (!before || entry.t - before.t > atOnceMs) return false;
    if (before.kind === 'loop' && before.program === entry.actor) return !before.on;
  }
  return false;
};

/** Whether an entry is a call that failed: what a loop had in flight when it was switched off did not. */
export const isFailure = (entry: Entry, at: (n: number) => Entry | undefined): boolean =>
  entry.kind === 'ended' && entry.outcome.kind === 'error' && !isLoopOff(entry, at);

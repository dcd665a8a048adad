import { marked } from '../words/translate.ts';
import { isProgram } from './actors.ts';
import type { EndedEntry, Entry } from './entry.ts';

/** Between the switch and the end of what it cancels: the end is told in the same flush or the next, in ms. */
const atOnceMs = 1_000;

/** A program has hundreds of sockets at most whose loops are switched off together. */
const furthest = 500;

const wasCancelled = ({ looped, outcome }: EndedEntry): boolean =>
  looped && outcome.kind === 'error' && outcome.code === 'INTERRUPTED';

/** What ended a call that a loop or a rule made, in words. */
export type SwitchedOff = 'loop off' | 'rules changed';

/**
 * What made a call of a loop end where nothing failed: its loop was switched off, or its socket answers by other rules now. Null
 * for every other end. Which it was stands nowhere in the entry; the switch stands beside it.
 */
export const switchedOff = (entry: EndedEntry, at: (n: number) => Entry | undefined): SwitchedOff | null => {
  if (!wasCancelled(entry) || !isProgram(entry.actor) || entry.afterwards) return null;
  for (let n = entry.n - 1; n >= entry.n - furthest; n--) {
    const before = at(n);
    if (!before || entry.t - before.t > atOnceMs) return null;
    if (before.kind === 'loop' && before.program === entry.actor)
      return before.on ? null : marked('loop off');
    if (before.kind === 'rule' && before.socket === entry.call.on) return marked('rules changed');
  }
  return null;
};

/** Whether an entry is a call that failed: what a loop had in flight when it was switched off did not. */
export const isFailure = (entry: Entry, at: (n: number) => Entry | undefined): boolean =>
  entry.kind === 'ended' && entry.outcome.kind === 'error' && switchedOff(entry, at) === null;

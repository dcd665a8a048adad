import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { KeyWords } from '../../core/words/key-words.ts';
import { FilteredLog } from './filtered-log.ts';
import { compileFilter } from './log-filter.ts';
import { type LogRange, lowestOf } from './log-range.ts';
import type { Repeats } from './log-repeats.ts';
import { WholeLog } from './whole-log.ts';

export type LogWindow = {
  /** Oldest first, at most as many as asked for. */
  readonly entries: readonly Entry[];
  /** Which of them stand for all that their calls repeat: the last of those. Where there is a filter, none. */
  readonly repeats: readonly Repeats[];
  /** Entries that match the filter, as far as it has looked; null where there is none. */
  readonly matching: number | null;
  /** Entries that the filter has still to look at. */
  readonly behind: number;
};

/**
 * The journal as the log shows it: without samples and checkpoints, filtered. Only what is shown is touched; a
 * filter looks at each entry once, a bounded number of them a call, newest first.
 */
export type LogIndex = {
  readonly window: (filter: string, range: LogRange, bottom: number | null, rows: number) => LogWindow;
  /** The entry `rows` shown entries after `n` (before it where negative), or the last on the way there. */
  readonly step: (filter: string, range: LogRange, n: number, rows: number) => number;
  /** The nearest entry before (`by` -1) or after `n` whose line holds the text, coming round; null: none does. */
  readonly search: (text: string, filter: string, range: LogRange, n: number, by: 1 | -1) => number | null;
};

/** `keys`: the reader's own, which lines name. */
export const createLogIndex = (journal: Journal, keys: KeyWords = null): LogIndex => {
  const whole = new WholeLog(journal);
  let known: { readonly filter: string; readonly log: FilteredLog } | null = null;

  const filtered = (filter: string, { last }: LogRange): FilteredLog => {
    if (known?.filter !== filter)
      known = { filter, log: new FilteredLog(journal, compileFilter(filter, keys), last) };
    return known.log;
  };

  return {
    window: (filter, range, bottom, rows) => {
      const end = Math.min(bottom ?? range.last, range.last);
      if (filter === '') return { ...whole.window(range, end, rows), matching: null, behind: 0 };
      return { ...filtered(filter, range).window(range, end, rows), repeats: [] };
    },
    step: (filter, range, n, rows) =>
      filter === '' ? whole.step(range, n, rows) : filtered(filter, range).step(range, n, rows),
    search: (text, filter, range, n, by) => {
      const { matches } = compileFilter(text, keys);
      const shown = filter === '' ? () => true : compileFilter(filter, keys).matches;
      const lowest = lowestOf(journal, range);
      const count = range.last - lowest + 1;
      for (let i = 1; i <= count; i++) {
        const at = lowest + ((((n - lowest + i * by) % count) + count) % count);
        const entry = journal.at(at);
        if (entry && isTold(entry) && shown(entry) && matches(entry)) return at;
      }
      return null;
    },
  };
};

import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type CallRow, CallRows } from './call-rows.ts';
import { FilteredLog } from './filtered-log.ts';
import { compileFilter, type EntryTest } from './log-filter.ts';
import { type LogRange, lowestOf } from './log-range.ts';
import type { Repeats } from './log-repeats.ts';
import { WholeLog } from './whole-log.ts';

export type LogWindow = {
  /** Oldest first, at most as many as asked for. */
  readonly entries: readonly Entry[];
  /** Which of them stand for all that their calls repeat: the last of those. Where there is a filter, none. */
  readonly repeats: readonly Repeats[];
  /** What the rows of calls tell, by the entry that they stand at; where calls are not folded, none. */
  readonly calls: ReadonlyMap<number, CallRow>;
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
  /** The entry in whose row this one is shown: itself, or, where calls are folded, what its call began with. */
  readonly rowOf: (range: LogRange, n: number) => number;
  /** The entry that tells most of a row: the newest of a call that is folded. */
  readonly newestOf: (range: LogRange, n: number) => number;
};

type Known = { readonly of: string; readonly log: FilteredLog };

class JournalIndex implements LogIndex {
  private readonly journal: Journal;
  private readonly calls: CallRows;
  private readonly whole: WholeLog;
  private known: Known | null = null;

  constructor(journal: Journal) {
    this.journal = journal;
    this.calls = new CallRows(journal);
    this.whole = new WholeLog(journal, this.calls);
  }

  window(filter: string, range: LogRange, bottom: number | null, rows: number): LogWindow {
    const end = Math.min(bottom ?? range.last, range.last);
    const shown =
      filter === ''
        ? { ...this.whole.window(range, end, rows), matching: null, behind: 0 }
        : { ...this.filtered(filter, range).window(range, end, rows), repeats: [] };
    const calls = new Map<number, CallRow>();
    for (const { n } of range.folded ? shown.entries : []) {
      const call = this.calls.at(n, range);
      if (call) calls.set(n, call);
    }
    return { ...shown, calls };
  }

  step(filter: string, range: LogRange, n: number, rows: number): number {
    return filter === ''
      ? this.whole.step(range, n, rows)
      : this.filtered(filter, range).step(range, n, rows);
  }

  search(text: string, filter: string, range: LogRange, n: number, by: 1 | -1): number | null {
    const tests = [text, filter].filter(Boolean).map(words => this.testOf(words));
    const lowest = lowestOf(this.journal, range);
    const count = range.last - lowest + 1;
    for (let i = 1; i <= count; i++) {
      const at = lowest + ((((n - lowest + i * by) % count) + count) % count);
      if (this.isMatch(at, range, tests)) return at;
    }
    return null;
  }

  rowOf(range: LogRange, n: number): number {
    return range.folded ? this.calls.standsAt(n, range) : n;
  }

  newestOf(range: LogRange, n: number): number {
    const call = range.folded ? this.calls.at(n, range) : null;
    return call ? (call.ended ?? call.began).n : n;
  }

  private testOf(words: string): EntryTest {
    return compileFilter(words, this.journal.at);
  }

  private isMatch(at: number, range: LogRange, tests: readonly EntryTest[]): boolean {
    const entry = this.journal.at(at);
    if (!entry || !isTold(entry)) return false;
    if (!range.folded) return tests.every(test => test.matches(entry));
    if (this.calls.isFoldedAway(entry, range)) return false;
    const call = this.calls.at(at, range);
    return tests.every(test => test.matches(call ? (call.ended ?? call.began) : entry, call !== null));
  }

  private filtered(filter: string, { last, folded, clearedTo }: LogRange): FilteredLog {
    // What was cleared away took the beginnings of calls with it.
    const of = folded ? `${clearedTo} ${filter}` : filter;
    if (this.known?.of !== of) {
      const log = new FilteredLog(this.journal, this.testOf(filter), last, folded ? this.calls : null);
      this.known = { of, log };
    }
    return this.known.log;
  }
}

export const createLogIndex = (journal: Journal): LogIndex => new JournalIndex(journal);

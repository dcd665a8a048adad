import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { EntryTest } from './log-filter.ts';
import { type LogRange, lowestOf } from './log-range.ts';

/** Work a look at the journal may take, in cheap comparisons: about 5 ms. */
const budget = 40_000;

/** The entries that a filter lets through: it looks at each once, newest first, a bounded number of them a call. */
export class FilteredLog {
  private readonly journal: Journal;
  private readonly test: EntryTest;
  /** Numbers of matching entries, ascending: newer ones are pushed, older ones go to `older`, descending. */
  private readonly newer: number[] = [];
  private readonly older: number[] = [];
  private scannedFrom: number;
  private scannedTo: number;

  /** `last`: the newest entry that there is now. */
  constructor(journal: Journal, test: EntryTest, last: number) {
    this.journal = journal;
    this.test = test;
    this.scannedFrom = last + 1;
    this.scannedTo = last;
  }

  window(range: LogRange, bottom: number, rows: number) {
    const behind = this.advance(range.last);
    const low = this.lowest(range);
    const high = this.countUpTo(range.last);
    const end = Math.min(high, Math.max(this.countUpTo(bottom), low + rows));
    const entries: Entry[] = [];
    for (let index = Math.max(low, end - rows); index < end; index++) {
      const entry = this.journal.at(this.at(index)!);
      if (entry) entries.push(entry);
    }
    return { entries, matching: high - low, behind };
  }

  step(range: LogRange, n: number, rows: number): number {
    this.advance(range.last);
    const low = this.lowest(range);
    const high = this.countUpTo(range.last) - 1;
    if (high < low) return n;
    const index = Math.min(high, Math.max(low, this.countUpTo(n) - 1 + rows));
    return this.at(index) ?? n;
  }

  private lowest(range: LogRange): number {
    return this.countUpTo(lowestOf(this.journal, range) - 1);
  }

  /** Looks at more entries, as many as the budget allows; answers how many are left. */
  private advance(last: number): number {
    let left = Math.ceil(budget / this.test.cost);
    const first = this.journal.first();
    // In a flood entries may be dropped before they were looked at.
    this.scannedTo = Math.max(this.scannedTo, first - 1);
    for (; left > 0 && this.scannedTo < last; left--) this.look(++this.scannedTo, this.newer);
    for (; left > 0 && this.scannedFrom > first; left--) this.look(--this.scannedFrom, this.older);
    this.forget(first);
    // In a replay the time may have gone back, to before what was looked at.
    return Math.max(0, last - this.scannedTo) + Math.max(0, this.scannedFrom - first);
  }

  private look(n: number, into: number[]): void {
    const entry = this.journal.at(n);
    if (entry && isTold(entry) && this.test.matches(entry)) into.push(n);
  }

  /** Lets go of matches that the journal no longer holds, many at a time. */
  private forget(first: number): void {
    const { newer, older } = this;
    if (older.length > 0 && older[0]! < first) older.length = 0;
    const half = newer.length >> 1;
    if (half > 1_000 && newer[half]! < first) newer.splice(0, half);
  }

  /** The i-th match in ascending order. */
  private at(index: number): number | undefined {
    const { newer, older } = this;
    return index < older.length ? older[older.length - 1 - index] : newer[index - older.length];
  }

  /** How many matches are at most `n`. */
  private countUpTo(n: number): number {
    let low = 0;
    let high = this.newer.length + this.older.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle)! <= n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { CallRows } from './call-rows.ts';
import type { EntryTest } from './log-filter.ts';
import { type LogRange, lowestOf } from './log-range.ts';

/** Work a look at the journal may take, in cheap comparisons: about 5 ms. */
const budget = 40_000;

/** The entries that a filter lets through: it looks at each once, newest first, a bounded number of them a call. */
export class FilteredLog {
  private readonly journal: Journal;
  private readonly test: EntryTest;
  /** Null: each entry is a row. */
  private readonly calls: CallRows | null;
  /** Numbers of matching entries, ascending: newer ones are pushed, older ones go to `older`, descending. */
  private readonly newer: number[] = [];
  private readonly older: number[] = [];
  private scannedFrom: number;
  private scannedTo: number;

  /** `last`: the newest entry that there is now. */
  constructor(journal: Journal, test: EntryTest, last: number, calls: CallRows | null) {
    this.journal = journal;
    this.test = test;
    this.calls = calls;
    this.scannedFrom = last + 1;
    this.scannedTo = last;
  }

  window(range: LogRange, bottom: number, rows: number) {
    const behind = this.advance(range);
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
    this.advance(range);
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
  private advance(range: LogRange): number {
    const { last } = range;
    let left = Math.ceil(budget / this.test.cost);
    const first = this.journal.first();
    // In a flood entries may be dropped before they were looked at.
    this.scannedTo = Math.max(this.scannedTo, first - 1);
    for (; left > 0 && this.scannedTo < last; left--) this.look(++this.scannedTo, this.newer, range);
    for (; left > 0 && this.scannedFrom > first; left--) this.look(--this.scannedFrom, this.older, range);
    this.forget(first);
    // In a replay the time may have gone back, to before what was looked at.
    return Math.max(0, last - this.scannedTo) + Math.max(0, this.scannedFrom - first);
  }

  private look(n: number, into: number[], range: LogRange): void {
    const entry = this.journal.at(n);
    if (!entry || !isTold(entry)) return;
    if (this.calls?.isFoldedAway(entry, range)) {
      // The row of a call that was looked at in flight tells its end from now on.
      if (into === this.newer) this.lookAgain(this.calls.standsAt(n, range), range);
    } else if (this.fits(entry, range)) into.push(n);
  }

  private fits(entry: Entry, range: LogRange): boolean {
    const call = this.calls?.at(entry.n, range);
    return call ? this.test.matches(call.ended ?? call.began, true) : this.test.matches(entry);
  }

  private lookAgain(n: number, range: LogRange): void {
    const entry = this.journal.at(n);
    if (!entry || n < this.scannedFrom) return;
    const index = this.countUpTo(n);
    const was = index > 0 && this.at(index - 1) === n;
    const is = this.fits(entry, range);
    if (was !== is) this.change(was ? index - 1 : index, is ? n : null);
  }

  /** Puts a number in before the one at `index`, or takes that one out. */
  private change(index: number, n: number | null): void {
    const { newer, older } = this;
    const [put, taken] = n === null ? [[], 1] : [[n], 0];
    if (index < older.length) older.splice(older.length - index - taken, taken, ...put);
    else newer.splice(index - older.length, taken, ...put);
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

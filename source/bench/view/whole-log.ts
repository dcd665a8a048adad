import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { CallRows } from './call-rows.ts';
import { type LogRange, lowestOf } from './log-range.ts';
import { createRepeats, type FindRepeats, type Repeats } from './log-repeats.ts';

/** What a row shows: an entry, or all that are repeated, as the last of them. */
type Row = {
  readonly entry: Entry;
  readonly first: number;
  readonly last: number;
  readonly run: Repeats | null;
};

/** The log without a filter: what is repeated is a row. */
export class WholeLog {
  private readonly journal: Journal;
  private readonly repeatsAt: FindRepeats;
  private readonly calls: CallRows;

  constructor(journal: Journal, calls: CallRows) {
    this.journal = journal;
    this.calls = calls;
    this.repeatsAt = createRepeats(journal);
  }

  window(range: LogRange, bottom: number, rows: number) {
    const entries: Entry[] = [];
    const repeats: Repeats[] = [];
    const show = ({ entry, run }: Row) => {
      entries.push(entry);
      if (run && !repeats.includes(run)) repeats.push(run);
    };
    let newest = bottom;
    for (let entry = this.walk(range, bottom, -1); entry && entries.length < rows; ) {
      const row = this.rowOf(entry, range.last);
      if (entries.length === 0) newest = row.last;
      show(row);
      entry = this.walk(range, row.first - 1, -1);
    }
    entries.reverse();
    for (let entry = this.walk(range, newest + 1, 1); entry && entries.length < rows; ) {
      const row = this.rowOf(entry, range.last);
      // What is repeated has gone on since it was looked at.
      if (row.first <= (entries.at(-1)?.n ?? 0)) entries.pop();
      show(row);
      entry = this.walk(range, row.last + 1, 1);
    }
    return { entries, repeats };
  }

  step(range: LogRange, n: number, rows: number): number {
    const by = rows < 0 ? -1 : 1;
    let at = n;
    for (let left = Math.abs(rows); left > 0; left--) {
      const run = this.repeatsAt(at, range.last);
      const entry = this.walk(range, ((by === 1 ? run?.to : run?.from) ?? at) + by, by);
      if (!entry) break;
      at = this.repeatsAt(entry.n, range.last)?.to ?? entry.n;
    }
    return at;
  }

  private rowOf(entry: Entry, last: number): Row {
    const run = this.repeatsAt(entry.n, last);
    if (!run) return { entry, first: entry.n, last: entry.n, run };
    return { entry: this.journal.at(run.to) ?? entry, first: run.from, last: run.to, run };
  }

  /** Whether an entry is told in another's row. What is repeated is told by its own, the beginnings of it too. */
  private hasNoRow(entry: Entry, range: LogRange): boolean {
    if (!range.folded || this.repeatsAt(entry.n, range.last)) return false;
    if (this.calls.isFoldedAway(entry, range)) return true;
    const ended = this.calls.at(entry.n, range)?.ended;
    return ended ? this.repeatsAt(ended.n, range.last) !== null : false;
  }

  /** The next logged entry from `n` on in a direction, `n` itself included; undefined at an end. */
  private walk(range: LogRange, n: number, by: 1 | -1): Entry | undefined {
    const lowest = lowestOf(this.journal, range);
    const from = by === 1 ? Math.max(n, lowest) : Math.min(n, range.last);
    for (let at = from; at >= lowest && at <= range.last; at += by) {
      const entry = this.journal.at(at);
      if (entry && isTold(entry) && !this.hasNoRow(entry, range)) return entry;
    }
    return undefined;
  }
}

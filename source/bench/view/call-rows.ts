import {
  type EndedEntry,
  type Entry,
  isTold,
  type QueuedEntry,
  type RunningEntry,
} from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type LogRange, lowestOf } from './log-range.ts';

/** A call of several entries as one row: what it was seen in last before its end, and its end; null: it is in flight. */
export type CallRow = { readonly began: QueuedEntry | RunningEntry; readonly ended: EndedEntry | null };

type Part = QueuedEntry | RunningEntry | EndedEntry;

/** It was told before: its deadline has moved. */
const isMoved = (entry: Entry | undefined): entry is RunningEntry =>
  entry?.kind === 'running' && entry.again === true;

/** Entries stand in the order of their times, but for what comes from several threads at once. In ms. */
const slack = 1_000;

/** So many entries away from all that was looked at, as where a replay is wound, it begins anew from there. */
const tooFar = 50_000;

/** One of the entries of a call that has several: seen waiting for its thread, seen running, and its end then. */
const isPart = (entry: Entry | undefined): entry is Part =>
  entry !== undefined &&
  (entry.kind === 'queued' || entry.kind === 'running' || (entry.kind === 'ended' && entry.seen)) &&
  isTold(entry);

/**
 * Which entries belong to one call. Each entry is looked at once, the newest first, and none that no row asks for: what a log
 * of a million entries shows first costs what its rows cost.
 */
export class CallRows {
  private readonly journal: Journal;
  /** The numbers of a call's entries, ascending, by its id. */
  private readonly parts = new Map<number, number[]>();
  /** The numbers of entries that tell of a moved deadline, which have no row, ascending, by the call's id. */
  private readonly moved = new Map<number, number[]>();
  /** What was looked at: `from` to `to`; nothing while `from` is the larger. */
  private from = 1;
  private to = 0;
  private sweepAt = 10_000;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** Whether an entry is told in the row of an earlier one: then it has no row of its own. */
  isFoldedAway(entry: Entry, range: LogRange): boolean {
    if (!isPart(entry)) return false;
    // It did not wait for its thread: nothing was told before.
    if (entry.kind !== 'ended' && (entry.kind === 'queued' || entry.startedAt <= entry.queuedAt))
      return false;
    if (entry.kind === 'ended' && this.surelyBegan(entry, range)) return true;
    return this.firstOf(entry, range) < entry.n;
  }

  /** The entry at whose row this one is shown; itself where it is one of its own. */
  standsAt(n: number, range: LogRange): number {
    const entry = this.journal.at(n);
    return isPart(entry) || isMoved(entry) ? this.firstOf(entry, range) : n;
  }

  /** The call whose row stands at `n`; null where that is no call of several entries, or has not begun there. */
  at(n: number, range: LogRange): CallRow | null {
    const entry = this.journal.at(n);
    if (!isPart(entry) || entry.kind === 'ended') return null;
    this.lookFrom(n, range);
    let began: CallRow['began'] = entry;
    for (const each of this.within(entry.id, range)) {
      const part = this.journal.at(each);
      if (part?.kind === 'ended') return { began, ended: part };
      if (part?.kind === 'queued' || part?.kind === 'running') began = part;
    }
    return { began: this.movedOf(entry.id, range) ?? began, ended: null };
  }

  private movedOf(id: number, { last }: LogRange): RunningEntry | null {
    const n = this.moved.get(id)?.findLast(each => each <= last);
    const entry = n === undefined ? undefined : this.journal.at(n);
    return isMoved(entry) ? entry : null;
  }

  private firstOf(entry: Part, range: LogRange): number {
    this.lookBack(entry, range);
    return this.within(entry.id, range)[0] ?? entry.n;
  }

  private within(id: number, range: LogRange): readonly number[] {
    const lowest = lowestOf(this.journal, range);
    return (this.parts.get(id) ?? []).filter(n => n >= lowest && n <= range.last);
  }

  /** Its beginning is shown, without a look at where: the whole session is, or all since before it was asked for. */
  private surelyBegan({ queuedAt }: EndedEntry, range: LogRange): boolean {
    const lowest = lowestOf(this.journal, range);
    const oldest = this.journal.at(lowest);
    return oldest !== undefined && (lowest === 1 || oldest.t + slack < queuedAt);
  }

  /** To where the call can have begun at the earliest. */
  private lookBack(entry: Part, range: LogRange): void {
    this.lookFrom(entry.n, range);
    const lowest = lowestOf(this.journal, range);
    while (this.from > lowest && (this.journal.at(this.from)?.t ?? 0) + slack >= entry.queuedAt)
      this.note(--this.from, true);
  }

  /** All from `n` to the newest. */
  private lookFrom(n: number, { last }: LogRange): void {
    const first = this.journal.first();
    const isFar = last - this.to > tooFar || this.from - last > tooFar;
    if (this.to < this.from || isFar || this.to < first - 1) {
      this.parts.clear();
      this.moved.clear();
      this.from = last + 1;
      this.to = last;
    }
    while (this.to < last) this.note(++this.to, false);
    this.from = Math.max(this.from, first);
    while (this.from > Math.max(n, first)) this.note(--this.from, true);
    if (this.parts.size > this.sweepAt) this.sweep(first);
  }

  private note(n: number, older: boolean): void {
    const entry = this.journal.at(n);
    const noted = isMoved(entry) ? this.moved : this.parts;
    if (!isMoved(entry) && !isPart(entry)) return;
    const known = noted.get(entry.id);
    if (!known) noted.set(entry.id, [n]);
    else if (older) known.unshift(n);
    else known.push(n);
  }

  /** Lets go of calls that the journal no longer holds. */
  private sweep(first: number): void {
    for (const noted of [this.parts, this.moved])
      for (const [id, numbers] of noted) if ((numbers.at(-1) ?? 0) < first) noted.delete(id);
    this.sweepAt = Math.max(10_000, 2 * this.parts.size);
  }
}

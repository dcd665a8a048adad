import type { Call } from '../calls/call.ts';
import type { Outcome } from '../calls/outcome.ts';
import { Ended } from './ended.ts';
import type { EndedEntry, Linked } from './entry.ts';

/** The numbers of a row stand side by side: 64 bytes, a line of a processor's cache. */
const rowSize = 8;
const [atT, atQueued, atStarted, atId, atPrev, atBy, atWakes, atAmount] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

const leastRows = 256;

/** How the outcome is kept: by its amount, by its bytes (and the amount that was dropped of them), or as it is. */
const byAmount = 1;
const byBytes = 2;
const howKept = 3;
const looped = 4;
const seen = 8;

/**
 * A whole number of a row as V8 has it elsewhere, where that is small. Left as it comes out of the row, it would be kept as a fraction,
 * and so would be all that others put in the same place.
 */
const whole = (number: number): number => {
  const small = number | 0;
  return small === number ? small : number;
};

/** Nothing but what every call has. */
const isUsual = (entry: EndedEntry): boolean =>
  entry.inside === 0 &&
  entry.rule === undefined &&
  entry.repeat === undefined &&
  entry.mate === undefined &&
  entry.sender === undefined &&
  entry.afterwards === undefined &&
  entry.aside === undefined;

const nothing: Uint8Array = new Uint8Array(0);

type ReceivedBytes = Extract<Outcome, { kind: 'data' }>;

/** In place of a call. */
const nobodys: Call = { name: 'close', on: '' };

const isAmount = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'count' }> =>
  outcome.kind === 'count' &&
  outcome.local === undefined &&
  outcome.bytes === undefined &&
  outcome.passed === undefined &&
  outcome.note === undefined &&
  outcome.wire === undefined;

const isBytes = (outcome: Outcome): outcome is ReceivedBytes =>
  outcome.kind === 'data' &&
  outcome.from === undefined &&
  outcome.lost === undefined &&
  outcome.wire === undefined &&
  outcome.ending === undefined;

class RowLinks implements Linked {
  private readonly numbers: Float64Array;
  private readonly from: number;

  constructor(numbers: Float64Array, from: number) {
    this.numbers = numbers;
    this.from = from;
  }

  get by(): number | undefined {
    return whole(this.numbers[this.from + atBy]!) || undefined;
  }

  set by(n: number) {
    this.numbers[this.from + atBy] = n;
  }

  get wakes(): number | undefined {
    return whole(this.numbers[this.from + atWakes]!) || undefined;
  }

  set wakes(n: number) {
    this.numbers[this.from + atWakes] = n;
  }
}

/**
 * Calls that have ended, in rows of numbers beside what each was made with: an entry of its own takes 400 bytes in ten objects, and
 * what is kept of 100,000 calls a second is moved by each collection. An entry is made of its row when it is looked at.
 */
export class EndedRows {
  private readonly size: number;
  private numbers = new Float64Array(0);
  private marks = new Uint8Array(0);
  private readonly calls: Call[] = [];
  private readonly actors: EndedEntry['actor'][] = [];
  private readonly threads: string[] = [];
  private readonly results: (Outcome | Uint8Array | null)[] = [];

  /** `size` rows at most. They are put one behind the other, and then anew from the first. */
  constructor(size: number) {
    this.size = size;
  }

  /** Whether it has a row now: one that has more than others has none. */
  put(row: number, entry: EndedEntry): boolean {
    if (!isUsual(entry)) return false;
    if (row >= this.marks.length) this.grow(row);
    const { numbers } = this;
    const { outcome } = entry;
    const from = row * rowSize;
    numbers[from + atT] = entry.t;
    numbers[from + atQueued] = entry.queuedAt;
    numbers[from + atStarted] = entry.startedAt ?? Number.NaN;
    numbers[from + atId] = entry.id;
    numbers[from + atPrev] = entry.prev;
    numbers[from + atBy] = entry.by ?? 0;
    numbers[from + atWakes] = entry.wakes ?? 0;
    this.calls[row] = entry.call;
    this.actors[row] = entry.actor;
    this.threads[row] = entry.thread;
    this.marks[row] = this.keep(row, outcome) + (entry.looped ? looped : 0) + (entry.seen ? seen : 0);
    return true;
  }

  /** Nothing has that row any more: it keeps nobody's bytes. */
  clear(row: number): void {
    if (row >= this.calls.length) return;
    this.calls[row] = nobodys;
    this.results[row] = null;
  }

  /** The entry that has that row and is number `n`. */
  at(row: number, n: number): EndedEntry {
    const { numbers } = this;
    const from = row * rowSize;
    const marks = this.marks[row]!;
    const startedAt = numbers[from + atStarted]!;
    const facts = {
      id: whole(numbers[from + atId]!),
      actor: this.actors[row]!,
      call: this.calls[row]!,
      thread: this.threads[row]!,
      queuedAt: numbers[from + atQueued]!,
      inside: 0,
      looped: (marks & looped) !== 0,
      startedAt: Number.isNaN(startedAt) ? null : startedAt,
    };
    const entry = new Ended(n, numbers[from + atT]!, facts, this.outcome(row), (marks & seen) !== 0);
    entry.prev = whole(numbers[from + atPrev]!);
    entry.by = whole(numbers[from + atBy]!) || undefined;
    entry.wakes = whole(numbers[from + atWakes]!) || undefined;
    return entry;
  }

  callAt(row: number): Call {
    return this.calls[row]!;
  }

  setCall(row: number, call: Call): void {
    this.calls[row] = call;
  }

  /** The bytes that it received, as far as it has them. */
  receivedAt(row: number): Uint8Array {
    const result = this.results[row]!;
    if ((this.marks[row]! & howKept) === byBytes) return result as Uint8Array;
    return result !== null && 'kind' in result && result.kind === 'data' ? result.data : nothing;
  }

  /** Leaves how many they were. */
  dropReceived(row: number): void {
    const { length } = this.receivedAt(row);
    if (length === 0) return;
    if ((this.marks[row]! & howKept) === byBytes) {
      this.numbers[row * rowSize + atAmount] = length;
      this.results[row] = nothing;
    } else this.results[row] = { ...(this.results[row] as ReceivedBytes), data: nothing, dropped: length };
  }

  linksAt(row: number): Linked {
    return new RowLinks(this.numbers, row * rowSize);
  }

  private grow(row: number): void {
    const rows = Math.min(Math.max(leastRows, 2 * row), this.size);
    const [numbers, marks] = [new Float64Array(rows * rowSize), new Uint8Array(rows)];
    numbers.set(this.numbers);
    marks.set(this.marks);
    [this.numbers, this.marks] = [numbers, marks];
  }

  private keep(row: number, outcome: Outcome): number {
    const amount = row * rowSize + atAmount;
    if (isAmount(outcome)) {
      this.numbers[amount] = outcome.count;
      this.results[row] = null;
      return byAmount;
    }
    if (isBytes(outcome)) {
      this.numbers[amount] = outcome.dropped ?? Number.NaN;
      this.results[row] = outcome.data;
      return byBytes;
    }
    this.results[row] = outcome;
    return 0;
  }

  private outcome(row: number): Outcome {
    const amount = this.numbers[row * rowSize + atAmount]!;
    const result = this.results[row]!;
    switch (this.marks[row]! & howKept) {
      case byAmount:
        return { kind: 'count', count: whole(amount) };
      case byBytes: {
        const data = result as Uint8Array;
        return Number.isNaN(amount) ? { kind: 'data', data } : { kind: 'data', data, dropped: whole(amount) };
      }
      default:
        return result as Outcome;
    }
  }
}

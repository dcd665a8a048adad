import type { Clock } from './clock.ts';
import type { EntryList } from './entry-list.ts';

const frameMs = 33;

const slowest = 1 / 16;
const fastest = 64;

/** How many entries had come by `t`: entries are in order of their times. */
const countAt = (entries: EntryList, t: number): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries.timeAt(middle) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where a replay stands in its entries, and at which time; it plays on by itself. Begins at the end. */
export class ReplayCursor {
  readonly begin: number;
  readonly end: number;
  /** Entries that have come. */
  count: number;
  t: number;
  speed = 1;
  private readonly entries: EntryList;
  private readonly clock: Clock;
  private readonly moved: () => void;
  private clearTimer: (() => void) | undefined = undefined;

  constructor(entries: EntryList, clock: Clock, moved: () => void) {
    this.entries = entries;
    this.clock = clock;
    this.moved = moved;
    this.begin = this.timeOf(0) ?? 0;
    this.end = this.timeOf(entries.length - 1) ?? 0;
    this.count = entries.length;
    this.t = this.end;
  }

  isPlaying(): boolean {
    return this.clearTimer !== undefined;
  }

  pause(): void {
    this.clearTimer?.();
    this.clearTimer = undefined;
  }

  step(by: number): void {
    this.seek(this.count + by);
  }

  /** To where so many entries have come. */
  seek(count: number): void {
    this.pause();
    this.count = Math.min(this.entries.length, Math.max(0, count));
    this.t = this.timeOf(this.count - 1) ?? this.begin;
    this.moved();
  }

  skip(ms: number): void {
    const playing = this.isPlaying();
    this.pause();
    this.goToTime(this.t + ms);
    if (playing) this.play(this.t);
  }

  togglePlay(): void {
    if (this.isPlaying()) this.pause();
    else this.play(this.t >= this.end ? this.begin : this.t);
    this.moved();
  }

  faster(factor: number): void {
    this.speed = Math.min(fastest, Math.max(slowest, this.speed * factor));
    this.moved();
  }

  private timeOf(index: number): number | undefined {
    return index >= 0 && index < this.entries.length ? this.entries.timeAt(index) : undefined;
  }

  private goToTime(t: number): void {
    this.t = Math.min(this.end, Math.max(this.begin, t));
    this.count = countAt(this.entries, this.t);
    this.moved();
  }

  private play(from: number): void {
    const before = this.clock.now();
    this.clearTimer = this.clock.after(frameMs, () => {
      const next = from + (this.clock.now() - before) * this.speed;
      this.clearTimer = undefined;
      if (next < this.end) this.play(next);
      this.goToTime(next);
    });
  }
}

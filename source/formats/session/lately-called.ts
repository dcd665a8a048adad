import type { LineCursor, Word } from './line-cursor.ts';

/** Bytes of a part of a line, up to which it is kept. */
const longestKept = 256;
const mostKept = 8;

const none = new Uint8Array(0);

/** The part of a line that says who calls what on which thread, and what that is. */
class CalledPart<T> implements Word {
  length = 0;
  readonly bytes = none;
  readonly fours = new Int32Array(longestKept / 4);
  said: T;
  /** What the next line had there the last time. */
  next: CalledPart<T> | null = null;

  constructor(said: T) {
    this.said = said;
  }
}

/** Calls follow each other in the same order again and again: what came after the last one is looked for first. Keeps the newest few. */
export class LatelyCalled<T> {
  private readonly kept: CalledPart<T>[] = [];
  private last: CalledPart<T> | null = null;
  private oldest = 0;

  /** What is said here, where that is as expected; else null, and the cursor stays. */
  read(cursor: LineCursor): T | null {
    const next = this.last?.next ?? null;
    if (next === null || !cursor.skip(next)) return null;
    this.last = next;
    return next.said;
  }

  /** The bytes from there up to the cursor say this. */
  keep(cursor: LineCursor, from: number, said: T): void {
    const length = cursor.at - from;
    if (length > longestKept || length < 4) return;
    const part = this.find(cursor, from, length) ?? this.put(cursor, from, said);
    if (this.last) this.last.next = part;
    this.last = part;
  }

  private find(cursor: LineCursor, from: number, length: number): CalledPart<T> | null {
    const end = cursor.at;
    cursor.at = from;
    for (const part of this.kept) if (part.length === length && cursor.skip(part)) return part;
    cursor.at = end;
    return null;
  }

  private put({ view, at: end }: LineCursor, from: number, said: T): CalledPart<T> {
    const part = this.kept.length < mostKept ? new CalledPart(said) : this.kept[this.oldest]!;
    this.kept[this.oldest] = part;
    this.oldest = (this.oldest + 1) % mostKept;
    part.said = said;
    part.next = null;
    part.length = end - from;
    const last = (part.length - 1) >> 2;
    for (let index = 0; index < last; index++) part.fours[index] = view.getInt32(from + index * 4, true);
    part.fours[last] = view.getInt32(end - 4, true);
    return part;
  }
}

import type { UsualLine } from './usual-line.ts';

/** Bytes of a line without its newline: `from` up to `to` of them. They last until the next line. */
export type LineBytes = { readonly bytes: Uint8Array; readonly from: number; readonly to: number };

/**
 * A line. `row` counts from 1, `whole` is false for a last line that has no newline. `start`: of its first byte, from that of the
 * first line.
 */
export type FileLine = LineBytes & { readonly row: number; readonly start: number; readonly whole: boolean };

const decoder = new TextDecoder();

export const textOfLine = ({ bytes, from, to }: LineBytes): string =>
  decoder.decode(bytes.subarray(from, to));

/** Bytes of the longest line that is read: JSON of more is no string (V8 ends them at 2^29 - 24 characters). */
export const longestLine = 2 ** 29 - 24;

/** Memory that is used again for the next line, up to so many bytes. */
const mostKept = 8 * 1024 ** 2;

/** A line that is put together of parts, in memory that is the next one's too. */
export class GatheredLine {
  private bytes = Buffer.alloc(0);
  size = 0;

  begin(): void {
    if (this.bytes.length > mostKept) this.bytes = Buffer.alloc(0);
    this.size = 0;
  }

  /** Bytes `from` up to `to` of these come behind what there is. */
  add(part: Uint8Array, from: number, to: number): void {
    const size = this.size + to - from;
    if (size > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(size * 2);
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    }
    this.bytes.set(part.subarray(from, to), this.size);
    this.size = size;
  }

  line(): LineBytes {
    return { bytes: this.bytes, from: 0, to: this.size };
  }
}

const newline = 10;

/** Cuts bytes into lines as they come. Holds a line that has not ended, and of the bytes it was given none but the newest. */
export class LineSplitter {
  private readonly held = new GatheredLine();
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Number of the newest line, and where it began. */
  row = 0;
  start = 0;
  private next = 0;

  /** Bytes whose lines are taken next. */
  give(chunk: Uint8Array): void {
    // A Buffer looks for a byte by memchr(3).
    this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.at = 0;
  }

  /** Whether the next line is a usual one, which `usual` has taken apart then: where it ends need not be looked for before. */
  takeUsual(usual: UsualLine): boolean {
    if (this.held.size > 0) return false;
    const { bytes, at } = this;
    const end = usual.end(bytes, at, bytes.length);
    if (end < 0 || bytes[end] !== newline) return false;
    this.count(end - at + 1);
    this.at = end + 1;
    return true;
  }

  /** The next line that the bytes end; null: there is none. */
  take(): FileLine | null {
    const { bytes, at, held } = this;
    const end = bytes.indexOf(newline, at);
    if (end < 0) {
      if (at < bytes.length) held.add(bytes, at, bytes.length);
      this.at = bytes.length;
      return null;
    }
    this.at = end + 1;
    if (held.size === 0) return this.lineOf(bytes, at, end, true);
    held.add(bytes, at, end);
    return this.heldLine(true);
  }

  /** Number and bytes of the line that has not ended yet. */
  open(): { readonly row: number; readonly size: number } {
    return { row: this.row + 1, size: this.held.size };
  }

  /** What stands behind the last newline, if anything. */
  end(): FileLine | null {
    return this.held.size > 0 ? this.heldLine(false) : null;
  }

  private count(size: number): void {
    this.row++;
    this.start = this.next;
    this.next += size;
  }

  private lineOf(bytes: Uint8Array, from: number, to: number, whole: boolean): FileLine {
    this.count(to - from + 1);
    return { bytes, from, to, row: this.row, start: this.start, whole };
  }

  /** The line that was held. */
  private heldLine(whole: boolean): FileLine {
    const { bytes, from, to } = this.held.line();
    this.held.begin();
    return this.lineOf(bytes, from, to, whole);
  }
}

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

/** Cuts bytes into lines as they come. Holds a line that has not ended, and none of the bytes it was given. */
export const createLineSplitter = () => {
  const held = new GatheredLine();
  let row = 0;
  let next = 0;

  const lineOf = (bytes: Uint8Array, from: number, to: number, whole: boolean): FileLine => {
    const start = next;
    next += to - from + 1;
    return { bytes, from, to, row: ++row, start, whole };
  };

  /** The line that was held. */
  const heldLine = (whole: boolean): FileLine => {
    const { bytes, from, to } = held.line();
    held.begin();
    return lineOf(bytes, from, to, whole);
  };

  return {
    /** The lines that this chunk ends. */
    *take(chunk: Uint8Array): Generator<FileLine> {
      // A Buffer looks for a byte by memchr(3).
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        if (held.size === 0) yield lineOf(chunk, start, end, true);
        else {
          held.add(chunk, start, end);
          yield heldLine(true);
        }
        start = end + 1;
      }
      if (start < chunk.length) held.add(chunk, start, chunk.length);
    },
    /** Number and bytes of the line that has not ended yet. */
    open: () => ({ row: row + 1, size: held.size }),
    /** What stands behind the last newline, if anything. */
    end: (): FileLine | null => (held.size > 0 ? heldLine(false) : null),
  };
};

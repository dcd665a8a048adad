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

/** Cuts bytes into lines as they come. Holds a line that has not ended, and none of the bytes it was given. */
export const createLineSplitter = () => {
  let held: Uint8Array[] = [];
  let size = 0;
  let row = 0;
  let next = 0;

  const lineOf = (bytes: Uint8Array, from: number, to: number, whole: boolean): FileLine => {
    const start = next;
    next += to - from + 1;
    return { bytes, from, to, row: ++row, start, whole };
  };

  /** The line that was held, with its end. */
  const heldLine = (end: Uint8Array, whole: boolean): FileLine => {
    const bytes = Buffer.concat([...held, end]);
    held = [];
    size = 0;
    return lineOf(bytes, 0, bytes.length, whole);
  };

  return {
    /** The lines that this chunk ends. */
    *take(chunk: Uint8Array): Generator<FileLine> {
      // A Buffer looks for a byte by memchr(3).
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield held.length > 0 ? heldLine(chunk.subarray(start, end), true) : lineOf(chunk, start, end, true);
        start = end + 1;
      }
      if (start === chunk.length) return;
      held.push(chunk.slice(start));
      size += chunk.length - start;
    },
    /** Number and bytes of the line that has not ended yet. */
    open: () => ({ row: row + 1, size }),
    /** What stands behind the last newline, if anything. */
    end: (): FileLine | null => (size > 0 ? heldLine(new Uint8Array(0), false) : null),
  };
};

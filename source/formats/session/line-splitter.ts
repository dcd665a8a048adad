/**
 * A line without its newline; `row` counts from 1, `whole` is false for a last line that has no newline. `start`: of its first
 * byte, from that of the first line.
 */
export type FileLine = {
  readonly bytes: Uint8Array;
  readonly row: number;
  readonly start: number;
  readonly whole: boolean;
};

const decoder = new TextDecoder();

export const textOfLine = ({ bytes }: Pick<FileLine, 'bytes'>): string => decoder.decode(bytes);

/** A character a byte: the same text where all of it is ASCII, for a tenth of the time. */
export const asciiOfLine = ({ bytes }: Pick<FileLine, 'bytes'>): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Bytes of the longest line that is read: JSON of more is no string (V8 ends them at 2^29 - 24 characters). */
export const longestLine = 2 ** 29 - 24;

/** Cuts bytes into lines as they come. Holds a line that has not ended, and none of the bytes it was given. */
export const createLineSplitter = () => {
  let held: Uint8Array[] = [];
  let size = 0;
  let row = 0;
  let next = 0;

  const lineOf = (end: Uint8Array, whole: boolean): FileLine => {
    const bytes = held.length === 0 ? end : Buffer.concat([...held, end]);
    held = [];
    size = 0;
    const start = next;
    next += bytes.length + 1;
    return { bytes, row: ++row, start, whole };
  };

  return {
    /** The lines that this chunk ends. */
    *take(chunk: Uint8Array): Generator<FileLine> {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        yield lineOf(chunk.subarray(start, end), true);
        start = end + 1;
      }
      if (start === chunk.length) return;
      held.push(chunk.slice(start));
      size += chunk.length - start;
    },
    /** Number and bytes of the line that has not ended yet. */
    open: () => ({ row: row + 1, size }),
    /** What stands behind the last newline, if anything. */
    end: (): FileLine | null => (size > 0 ? lineOf(new Uint8Array(0), false) : null),
  };
};

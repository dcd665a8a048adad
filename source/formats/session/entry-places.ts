import { readSync } from 'node:fs';
import type { Entry } from '../../core/model/entry.ts';
import { t } from '../../core/words/translate.ts';
import { GatheredLine, type LineBytes, textOfLine } from './line-splitter.ts';
import { entryOfLine } from './long-line.ts';
import { type Head, headerFrom, unlinked } from './read-session.ts';
import { Misfit } from './reading.ts';
import { UsualLine } from './usual-line.ts';

/** An open file and how much of it is the session: it may grow meanwhile. `name` is how messages call it. */
export type StoredFile = { readonly fd: number; readonly size: number; readonly name: string };

/** The file was read once and is another now. */
export class Changed extends Error {}

/** Fills the bytes from this place on; answers how many of them there are. */
export const readAt = ({ fd, size, name }: StoredFile, bytes: Uint8Array, at: number): number => {
  const length = readSync(fd, bytes, 0, Math.min(bytes.length, size - at), at);
  if (length === 0) throw new Changed(t`${name}: it has become shorter while it was read`);
  return length;
};

/** What a line of the file as it was checked has in it; throws where it is another by now. */
export const unchanged = <T>({ name }: StoredFile, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Misfit)
      throw new Changed(t`${name}: it was changed while it was read`);
    throw error;
  }
};

export const headIn = (file: StoredFile, line: LineBytes): Head =>
  unchanged(file, () => {
    const head = headerFrom(textOfLine(line));
    if (typeof head === 'string' || head instanceof Misfit) throw new Misfit();
    return head;
  });

const blockSize = 256 * 1024;
const mostBlocks = 16;

/** Lines by the place of their first byte. What was read around them is kept, 4 MiB at most; the memory of what goes is used again. */
const createLinePlaces = (file: StoredFile) => {
  const blocks = new Map<number, Buffer>();
  const gathered = new GatheredLine();
  let last: Buffer = Buffer.alloc(0);
  let lastIndex = -1;

  const blockAt = (index: number): Buffer => {
    if (index === lastIndex) return last;
    last = blocks.get(index) ?? readBlock(index);
    lastIndex = index;
    return last;
  };

  const readBlock = (index: number): Buffer => {
    const oldest = blocks.size < mostBlocks ? undefined : blocks.keys().next().value!;
    const spare = oldest === undefined ? undefined : blocks.get(oldest);
    if (oldest !== undefined) blocks.delete(oldest);
    const size = Math.min(blockSize, file.size - index * blockSize);
    const block = spare && spare.length >= size ? spare.subarray(0, size) : Buffer.alloc(size);
    // Should that fail, it is no block any more.
    lastIndex = -1;
    for (let at = 0; at < size; ) at += readAt(file, block.subarray(at), index * blockSize + at);
    blocks.set(index, block);
    return block;
  };

  /** A line that goes on in the next block. */
  const pieced = (start: number): LineBytes => {
    gathered.begin();
    for (let at = start; at < file.size; ) {
      const index = Math.floor(at / blockSize);
      const block = blockAt(index);
      const from = at - index * blockSize;
      const end = block.indexOf(10, from);
      gathered.add(block, from, end < 0 ? block.length : end);
      if (end >= 0) break;
      at = (index + 1) * blockSize;
    }
    return gathered.line();
  };

  return {
    line: (start: number): LineBytes => {
      const index = Math.floor(start / blockSize);
      const bytes = blockAt(index);
      const from = start - index * blockSize;
      const to = bytes.indexOf(10, from);
      return to < 0 ? pieced(start) : { bytes, from, to };
    },
    /** Whether it is a usual line, which `usual` has taken apart then. */
    takeUsual: (start: number, usual: UsualLine): boolean => {
      const index = Math.floor(start / blockSize);
      const bytes = blockAt(index);
      const end = usual.end(bytes, start - index * blockSize, bytes.length);
      return end >= 0 && bytes[end] === 10;
    },
  };
};

/** Entries of a file by the place of their line, not linked with others. */
export const createEntryPlaces = (file: StoredFile) => {
  const lines = createLinePlaces(file);
  const usual = new UsualLine();
  let head: Head | undefined;
  return {
    at: (place: number): Entry => {
      head ??= headIn(file, lines.line(0));
      const { upgrade } = head;
      if (upgrade.isToday && lines.takeUsual(place, usual)) return usual.entry();
      return unchanged(file, () => unlinked(entryOfLine(lines.line(place), upgrade)));
    },
  };
};

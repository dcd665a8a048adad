import { readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Status } from '../sockets/ends.ts';
import { nativeLibrary } from './native-library.ts';

/*
 * read(2) and write(2) on a descriptor that does not wait. By the C library's own functions where they can be called: node:fs looks at
 * each argument, asks its tracing each time, and throws where there is nothing to read, which takes twice as long, or ten times.
 */

const statusOf = (error: unknown): Status => (error as { errno?: number }).errno ?? -constants.errno.EINVAL;

/** Whose address is known: what is received lands in one after the other. Larger ones it would keep for nothing. */
let slab: Uint8Array | null = null;
let slabAt = 0;
const largestSlab = 1 << 20;

/** Less may lie within V8's heap, and be moved there. */
const leastOutside = 4096;

export const readDescriptor = (fd: number, into: Uint8Array, offset: number, length: number): Status => {
  const library = nativeLibrary();
  // A number says where to write, and nobody checks it: not beyond the end, nor into what has been given away since.
  if (typeof library === 'string' || into.length < leastOutside || offset + length > into.length) {
    try {
      return readSync(fd, into, offset, length, null);
    } catch (error) {
      return statusOf(error);
    }
  }
  const at = into === slab ? slabAt : library.addressOf(into);
  if (into.length <= largestSlab) [slab, slabAt] = [into, at];
  const count = library.read(fd, at + offset, length);
  return count < 0 ? -library.errno() : count;
};

/** Node ignores SIGPIPE, so a dead connection is EPIPE. */
export const writeDescriptor = (fd: number, data: Uint8Array): Status => {
  const library = nativeLibrary();
  if (typeof library === 'string') {
    try {
      return writeSync(fd, data, 0, data.length, null);
    } catch (error) {
      return statusOf(error);
    }
  }
  const count = library.write(fd, data, data.length);
  return count < 0 ? -library.errno() : count;
};

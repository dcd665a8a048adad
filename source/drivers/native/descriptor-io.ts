import { readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Status } from '../sockets/ends.ts';

const statusOf = (error: unknown): Status => (error as { errno?: number }).errno ?? -constants.errno.EINVAL;

/** read(2) on a socket's descriptor, which libuv keeps non-blocking. */
export const readDescriptor = (fd: number, into: Uint8Array, offset: number, length: number): Status => {
  try {
    return readSync(fd, into, offset, length, null);
  } catch (error) {
    return statusOf(error);
  }
};

/** write(2); Node ignores SIGPIPE, so a dead connection is EPIPE. */
export const writeDescriptor = (fd: number, data: Uint8Array): Status => {
  try {
    return writeSync(fd, data, 0, data.length, null);
  } catch (error) {
    return statusOf(error);
  }
};

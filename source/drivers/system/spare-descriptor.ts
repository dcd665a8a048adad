import { closeSync, openSync } from 'node:fs';
import { constants, devNull } from 'node:os';
import type { Status } from '../sockets/ends.ts';

/** A descriptor that stands for one to come, or a negative errno where this process or the system has none left. */
export const reserveDescriptor = (): Status => {
  try {
    return openSync(devNull, 'r');
  } catch (error) {
    return (error as NodeJS.ErrnoException).errno ?? -constants.errno.EMFILE;
  }
};

export const freeDescriptor = (fd: number): void => closeSync(fd);

/** Whether one is left: 0 or a negative errno. */
export const anyDescriptor = (): Status => {
  const fd = reserveDescriptor();
  if (fd < 0) return fd;
  freeDescriptor(fd);
  return 0;
};

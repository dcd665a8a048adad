import { readSync } from 'node:fs';

/** Stops the whole process, event loop and all, until it is told a line: meanwhile the kernel's queue fills. */
export const blockUntilTold = (): void => {
  readSync(0, new Uint8Array(64));
};

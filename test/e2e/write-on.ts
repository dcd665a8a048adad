import { closeSync, constants, openSync, readlinkSync, writeSync } from 'node:fs';
import type { Terminal } from './terminal.ts';

/** Writes on the terminal that a program is on, as any other program in the background may. */
export const writeOn = (terminal: Terminal, text: string): void => {
  const tty = readlinkSync(`/proc/${terminal.pid()}/fd/0`);
  const file = openSync(tty, constants.O_WRONLY | constants.O_NOCTTY);
  writeSync(file, text);
  closeSync(file);
};

import { open } from 'node:fs/promises';
import { safeLines } from '../../core/bytes/printable.ts';
import { complain } from '../print.ts';
import { fileTrouble } from '../sessions/new-file.ts';

/** A new file of lines as they come, for its owner alone (0600). */
export type LineFile = { readonly print: (line: string) => void; readonly close: () => Promise<void> };

/** A sentence where it cannot be made. Where the disk takes no more, that is told once. */
export const openLines = async (file: string): Promise<LineFile | string> => {
  try {
    const handle = await open(file, 'wx', 0o600);
    const stream = handle.createWriteStream();
    let failed = false;
    stream.on('error', error => {
      if (!failed) complain(`sockbench: ${fileTrouble(file, error)}`);
      failed = true;
    });
    return {
      print: line => {
        if (!failed) stream.write(`${safeLines(line)}\n`);
      },
      close: () => new Promise(resolve => (failed ? resolve() : stream.end(resolve))),
    };
  } catch (error) {
    return fileTrouble(file, error);
  }
};

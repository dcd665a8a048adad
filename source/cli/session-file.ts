import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { safeText } from '../core/payload.ts';
import { type ReadSession, readSession } from '../formats/session.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name a session file in it',
  EACCES: 'you may not read this file (EACCES)',
  // Node reads no more into one buffer.
  ERR_FS_FILE_TOO_LARGE:
    'more than 2 GiB are not read; its beginning is a session too: head -c 1000000000 FILE > PART',
};

/** The session in a file, or in standard input for `-`; refused with one sentence that names the file. */
export const readSessionFile = async (file: string): Promise<ReadSession> => {
  const name = file === '-' ? 'standard input' : safeText(file);
  try {
    return readSession(file === '-' ? await buffer(process.stdin) : await readFile(file), name);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return {
      ok: false,
      message: `${name}: ${reasons[code] ?? `cannot be read (${safeText(code || String(error))})`}`,
    };
  }
};

import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { t } from '../core/words/translate.ts';

/** A change takes milliseconds: whoever has held the lock for longer has died with it. In ms. */
const staleAfter = 5_000;

/** How long another's change is waited for, and how often it is looked whether it is done, in ms. */
const longestWait = 10_000;
const pollEvery = 15;

/** What this process wrote into the lock. */
export type Lock = { readonly isHeld: () => Promise<boolean> };

const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => {},
    () => {},
  );

let taken = 0;

const take = async (file: string, token: string): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Takes away the lock of one who has died. Of several who try only one finds it. */
const clearStale = async (file: string, token: string): Promise<void> => {
  const found = await stat(file).catch(() => null);
  if (!found || Date.now() - found.mtimeMs < staleAfter) return;
  const aside = `${file}.${token}`;
  await quietly(rename(file, aside).then(() => unlink(aside)));
};

/**
 * Does the work while no other process of this program does any under the same lock: a file that only one can make
 * (open(2), O_EXCL). Rejects where the lock is not to be had.
 */
export const withLock = async <T>(file: string, work: (lock: Lock) => Promise<T>): Promise<T> => {
  const token = `${process.pid}.${++taken}.${Date.now()}`;
  for (let waited = 0; !(await take(file, token)); waited += pollEvery) {
    if (waited >= longestWait) throw new Error(t`another sockbench is writing it: ${file} is in the way`);
    await clearStale(file, token);
    await pause(pollEvery);
  }
  const isHeld = async () => (await readFile(file, 'utf8').catch(() => '')) === token;
  try {
    return await work({ isHeld });
  } finally {
    if (await isHeld()) await quietly(unlink(file));
  }
};

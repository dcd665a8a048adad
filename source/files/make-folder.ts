import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** For its owner alone. */
const mode = 0o700;

/** The first of the folders above, and itself, that is not there. */
const firstMissing = async (folder: string): Promise<string> => {
  const above = dirname(folder);
  const isThere = above === folder || (await stat(above).catch(() => null)) !== null;
  return isThere ? folder : firstMissing(above);
};

/**
 * Makes a folder and those above it that are not there. Rejects with why the system refuses it: of a file system that is read-only
 * Node's own `recursive` says that the folder is not there (ENOENT), which it was asked to make (libuv's uv__fs_mkdirp).
 */
export const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') await mkdir(await firstMissing(folder), { mode });
    throw error;
  }
};

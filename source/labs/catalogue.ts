import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReadLab, readLab } from './read-lab.ts';

/** Beside the bundle the labs lie in `labs`, in a checkout in `built-in`. */
const folder = (): string => {
  const candidates = ['./built-in/', './labs/'].map(path => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find(path => existsSync(path)) ?? candidates[0]!;
};

const ending = '.yaml';

/** Names of the built-in labs: the tour first, then by the alphabet. */
export const labNames = async (): Promise<string[]> => {
  const files = (await readdir(folder())).filter(file => file.endsWith(ending));
  const names = files.map(file => basename(file, ending)).sort();
  return [...names.filter(name => name === 'tour'), ...names.filter(name => name !== 'tour')];
};

const why = (file: string, error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return `${file}: there is no such file, and no built-in lab of this name (sockbench labs lists them)`;
  if (code === 'EACCES') return `${file}: cannot be read (EACCES)`;
  return `${file}: cannot be read (${code ?? String(error)})`;
};

/** Reads a lab by the name of a built-in one, or from a file. */
export const findLab = async (nameOrFile: string): Promise<ReadLab> => {
  const builtIn = (await labNames()).includes(nameOrFile);
  const file = builtIn ? join(folder(), nameOrFile + ending) : nameOrFile;
  const shown = builtIn ? nameOrFile + ending : nameOrFile;
  try {
    if ((await stat(file)).isDirectory())
      return { ok: false, message: `${shown}: this is a folder; name a file in it` };
    const bytes = await readFile(file);
    return readLab(bytes.toString('utf8'), shown);
  } catch (error) {
    return { ok: false, message: why(shown, error) };
  }
};

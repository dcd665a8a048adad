import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safeText } from '../core/bytes/payload.ts';
import { marked, t } from '../core/words/translate.ts';
import { readBounded, readTrouble } from '../files/bounded-file.ts';
import { payloadTrouble } from '../files/payload-file.ts';
import { type ReadLab, readLab } from './read-lab.ts';
import { largestFile } from './yaml-text.ts';

/** In a checkout the labs lie in `built-in`, with a bundle, of which this is a part, in the folder above. */
const folder = (): string => {
  const candidates = ['./built-in/', '../labs/'].map(path => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find(path => existsSync(path)) ?? candidates[0]!;
};

const ending = '.yaml';

/** Names of the built-in labs: the tour first, then by the alphabet. */
export const labNames = async (): Promise<string[]> => {
  const files = (await readdir(folder())).filter(file => file.endsWith(ending));
  const names = files.map(file => basename(file, ending)).sort();
  return [...names.filter(name => name === 'tour'), ...names.filter(name => name !== 'tour')];
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: marked('there is no such file, and no built-in lab of this name (sockbench labs lists them)'),
  TOO_LARGE: marked('this is no lab: more than 1 MiB is not read'),
};

const readText = async (file: string): Promise<string> => {
  const bytes = await readBounded(file, { most: largestFile, pipes: true });
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
};

/** A path as a shell takes it for one word. */
const shellWord = (path: string): string =>
  /^[\w./:@%+=,-]+$/.test(path) ? path : `'${safeText(path).replaceAll("'", "'\\''")}'`;

/** Reads a lab by the name of a built-in one, or from a file. */
export const findLab = async (nameOrFile: string): Promise<ReadLab> => {
  const builtIn = (await labNames()).includes(nameOrFile);
  const file = builtIn ? join(folder(), nameOrFile + ending) : nameOrFile;
  const shown = safeText(builtIn ? nameOrFile + ending : nameOrFile);
  try {
    const read = await readLab(await readText(file), shown, payloadTrouble);
    if (!read.ok || builtIn) return read;
    return { ok: true, lab: { ...read.lab, source: shellWord(nameOrFile), folder: dirname(resolve(file)) } };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reason = reasons[code];
    return { ok: false, message: `${shown}: ${reason ? t(reason) : readTrouble(error)}` };
  }
};

import { createReadStream, existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safeText } from '../core/payload.ts';
import type { FileTrouble } from './check-lab.ts';
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
  ENOENT: 'there is no such file, and no built-in lab of this name (sockbench labs lists them)',
  EISDIR: 'this is a folder; name a file in it',
  EACCES: 'you may not read this file',
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** The file's bytes, at most one more than a lab may have: what is read may be a device without an end. */
const readSome = async (file: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(file, { end: largestFile })) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

const readText = async (file: string, shown: string): Promise<ReadLab | string> => {
  const bytes = await readSome(file);
  if (bytes.length > largestFile)
    return { ok: false, message: `${shown}: this is no lab: more than 1 MiB is not read` };
  return bytes.toString();
};

/** Payloads of `file"path"` are looked for where the program was started, as any path on the command line. */
const fileTrouble: FileTrouble = async path => {
  try {
    const handle = await open(path, 'r');
    await handle.close();
    return null;
  } catch (error) {
    return `${path} cannot be read (${codeOf(error)})`;
  }
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
    const text = await readText(file, shown);
    if (typeof text !== 'string') return text;
    const read = await readLab(text, shown, fileTrouble);
    if (!read.ok || builtIn) return read;
    return { ok: true, lab: { ...read.lab, source: shellWord(nameOrFile), folder: dirname(resolve(file)) } };
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, message: `${shown}: ${reasons[code] ?? `cannot be read (${code})`}` };
  }
};

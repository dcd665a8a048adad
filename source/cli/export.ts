import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { safeText } from '../core/payload.ts';
import { exportFormats } from '../formats/export-formats.ts';
import { readSession } from '../formats/session.ts';
import { fileTrouble } from './recording.ts';

export type ExportFlags = { readonly to: string; readonly output?: string };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name a session file in it',
  EACCES: 'may not be read (EACCES)',
};

const whyUnreadable = (file: string, error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  return `${safeText(file)}: ${reasons[code] ?? `cannot be read (${code || String(error)})`}`;
};

const read = async (file: string): Promise<Uint8Array | string> => {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    return whyUnreadable(file, error);
  }
};

type Pieces = Iterable<string | Uint8Array>;

const toStandardOutput = async (pieces: Pieces): Promise<void> => {
  for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
};

/** A new file for its owner alone: a session holds what was sent. */
const toFile = async (file: string, pieces: Pieces): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (const piece of pieces) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
};

const written = async (output: string | undefined, pieces: Pieces): Promise<string | null> => {
  try {
    await (output === undefined || output === '-' ? toStandardOutput(pieces) : toFile(output, pieces));
    return null;
  } catch (error) {
    return fileTrouble(output ?? 'standard output', error);
  }
};

/** What is wrong, or null where the export was written. */
const trouble = async (file: string, { to, output }: ExportFlags): Promise<string | null> => {
  const format = Object.hasOwn(exportFormats, to) ? exportFormats[to] : undefined;
  if (!format)
    return `--to ${safeText(to)}: there is no such format; there are ${Object.keys(exportFormats).join(', ')}`;
  const data = await read(file);
  if (typeof data === 'string') return data;
  const name = file === '-' ? 'standard input' : safeText(file);
  const session = readSession(data, name);
  if (!session.ok) return session.message;
  if (session.session.cut)
    process.stderr.write(`sockbench export: ${name}: the last line is cut off and was left out\n`);
  const exported = format.write(session.session);
  return exported.ok ? written(output, exported.pieces) : `${name}: ${exported.message}`;
};

/** `sockbench export`: a session file for other tools. Exit status 0, or 2 where a file or the format is bad. */
export const exportSession = async (file: string, flags: ExportFlags): Promise<number> => {
  const message = await trouble(file, flags);
  if (message === null) return 0;
  process.stderr.write(`sockbench export: ${message}\n`);
  return 2;
};

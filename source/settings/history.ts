import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readBounded } from '../files/bounded-file.ts';
import { makeFolder } from '../files/make-folder.ts';

/** Lines typed in the send line, with what each was typed as, and in the palette; newest last. */
export type History = {
  readonly send: readonly { readonly text: string; readonly mode: 'text' | 'hex' | 'file' }[];
  readonly palette: readonly string[];
};

const kept = 500;

/** More than a person types and pastes into so many lines; in bytes. */
const largest = 256 * 1024 * 1024;

const lines = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(line => typeof line === 'string').slice(-kept) : [];

/** In the file a line of text stands as such, any other with its mode. */
const sent = (value: unknown): History['send'] =>
  (Array.isArray(value) ? value : [])
    .flatMap((line: unknown): History['send'] => {
      if (typeof line === 'string') return [{ text: line, mode: 'text' }];
      const { hex, file } = Object(line) as Record<string, unknown>;
      if (typeof hex === 'string') return [{ text: hex, mode: 'hex' }];
      return typeof file === 'string' ? [{ text: file, mode: 'file' }] : [];
    })
    .slice(-kept);

/** A history that cannot be read is an empty one: it must never stop the workbench. */
export const readHistory = async (file: string): Promise<History> => {
  try {
    const text = new TextDecoder().decode(await readBounded(file, { most: largest }));
    const value = JSON.parse(text) as Record<string, unknown>;
    return { send: sent(value.send), palette: lines(value.palette) };
  } catch {
    return { send: [], palette: [] };
  }
};

/** Written whole to a new file that then takes the old one's place; 0600, since payloads are in it. */
export const writeHistory = async (file: string, history: History): Promise<void> => {
  await makeFolder(dirname(file));
  const next = `${file}.${process.pid}`;
  const send = history.send.slice(-kept).map(({ text, mode }) => (mode === 'text' ? text : { [mode]: text }));
  await writeFile(next, JSON.stringify({ send, palette: lines(history.palette) }), { mode: 0o600 });
  await rename(next, file);
};

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../e2e/terminal.ts';
import { stopping, subject } from '../subject.ts';

/** What cases have in common that read such a file. */
export const ofMillion = {
  better: 'less',
  rounds: 7,
  size: 1_000_000,
  tinySize: 1_000,
  before: async () => ensureBuilt(),
} as const;

/** Session files that cases read, by how many entries they have: each is made once, of payloads of 64 bytes. */
const made = new Map<number, Promise<string>>();
let folder = '';

const make = async (entries: number): Promise<string> => {
  if (folder === '') {
    folder = mkdtempSync(join(tmpdir(), 'sockbench-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  const path = join(folder, `${entries}.jsonl`);
  const maker = subject('export/make-session.ts', [path, entries]);
  await stopping([maker], () => maker.until(/^made \d+$/m));
  return path;
};

/** The path of a session file of so many entries; it goes with this process. */
export const sessionOf = (entries: number): Promise<string> => {
  const known = made.get(entries) ?? make(entries);
  made.set(entries, known);
  return known;
};

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopping, subject } from '../subject.ts';

/** Session files that cases read, by how many entries they have: made once, of payloads of 64 bytes. */
const made = new Map<number, string>();
let folder = '';

/** The path of a session file of so many entries. */
export const sessionOf = async (entries: number): Promise<string> => {
  const known = made.get(entries);
  if (known) return known;
  folder ||= mkdtempSync(join(tmpdir(), 'sockbench-bench-'));
  const path = join(folder, `${entries}.jsonl`);
  const maker = subject('export/make-session.ts', [path, entries]);
  await stopping([maker], () => maker.until(/^made \d+$/m));
  made.set(entries, path);
  return path;
};

export const forgetSessions = (): void => {
  made.clear();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
  folder = '';
};

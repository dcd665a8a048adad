import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-opened-'));

/** Where it lies meanwhile. */
export const openedFile = join(folder, 'x.jsonl');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is to be read from a file's descriptor, as a file; one at a time. */
export const opened = <T>(data: Uint8Array, use: (fd: number) => T): T => {
  writeFileSync(openedFile, data);
  const fd = openSync(openedFile, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is to be read from a file's descriptor, as a file, which lies at `path` meanwhile. */
export const opened = <T>(data: Uint8Array, use: (fd: number, path: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-opened-'));
  const path = join(folder, 'x.jsonl');
  writeFileSync(path, data);
  const fd = openSync(path, 'r');
  try {
    return use(fd, path);
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
};

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** A folder among temporary files, which is gone with the campaign. */
export const scratchFolder = (): string => {
  folder ??= mkdtempSync(join(tmpdir(), 'sockbench-scratch-'));
  return folder;
};

export const scratchFile = (name: string, content: string): string => {
  const path = join(scratchFolder(), name);
  writeFileSync(path, content);
  return path;
};

export const clearScratch = (): void => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
};

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What tests read of the house. */
const parts = [
  'bin',
  'docs',
  'scripts',
  'source',
  'test',
  'README.md',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** In the copy a wait that hangs is one that a mutant has caused: it need not last for minutes. */
const patience = 'export const limits = { wait: 15_000, test: 60_000, full: 60_000 } as const;\n';

/** The house in a folder of its own among temporary files, to be broken. */
export const copyOfHouse = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-mutants-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'test/support/limits.ts'), patience);
  return {
    folder,
    read: (file: string): string => readFileSync(join(folder, file), 'utf8'),
    write: (file: string, text: string): void => writeFileSync(join(folder, file), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

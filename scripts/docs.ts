import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keyRows, placesTitle } from '../source/commands/keys-list.ts';
import { commandTable } from '../source/commands/table.ts';
import { findLab, labNames } from '../source/labs/catalogue.ts';
import { code, fill, table } from './markdown.ts';

const readme = resolve(import.meta.dirname, '../README.md');

const keyTable = (): string =>
  table(
    ['keys', 'does', 'where'],
    keyRows(commandTable).map(({ keys, title, where }) => [
      keys.map(code).join(' '),
      title,
      placesTitle(where),
    ]),
  );

const titleOf = async (name: string): Promise<string> => {
  const read = await findLab(name);
  if (!read.ok) throw new Error(read.message);
  return read.lab.title.en;
};

const labTable = async (): Promise<string> => {
  const names = await labNames();
  const titles = await Promise.all(names.map(titleOf));
  return table(
    ['lab', 'title'],
    names.map((name, index) => [code(name), titles[index]!]),
  );
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const written = readFileSync(readme, 'utf8');
const labs = await labTable();
const fresh = fill(written, { keys: keyTable, labs: () => labs }, 'README.md');

if (!values.check) writeFileSync(readme, fresh);
else if (fresh !== written) {
  console.error('README.md holds an old table: run "npm run docs"');
  process.exitCode = 1;
}

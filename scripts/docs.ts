import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keyRows, placesTitle } from '../source/commands/keys-list.ts';
import { commandTable } from '../source/commands/table.ts';
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

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const written = readFileSync(readme, 'utf8');
const fresh = fill(written, { keys: keyTable }, 'README.md');

if (!values.check) writeFileSync(readme, fresh);
else if (fresh !== written) {
  console.error('README.md holds an old table: run "npm run docs"');
  process.exitCode = 1;
}

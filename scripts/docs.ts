import { type KeyRow, keyRows, placesTitle } from '../source/commands/calling/keys-list.ts';
import { commandTable } from '../source/commands/calling/table.ts';
import { glossary } from '../source/core/words/glossary.ts';
import { keepFresh, readProjectFile } from './generated.ts';
import { code, fill, table } from './markdown.ts';

const page = 'docs/keys.md';

const rowsOf = (rows: readonly KeyRow[]): string =>
  table(
    ['keys', 'does', 'where'],
    rows.map(({ keys, title, where }) => [keys.map(code).join(' '), title, placesTitle(where)]),
  );

/** A heading and a table for each kind of command. */
const keyTables = (): string =>
  [...Map.groupBy(keyRows(commandTable), ({ group }) => group)]
    .map(([group, rows]) => `## ${group}\n\n${rowsOf(rows)}`)
    .join('\n\n');

const words = 'docs/glossary.md';

const wordTable = (): string =>
  table(
    ['word', 'means', 'lab'],
    [...glossary].map(([word, { says, lab, near }]) => [
      code(word),
      says,
      `${near ? 'near: ' : ''}${code(lab)}`,
    ]),
  );

keepFresh({
  [page]: fill(readProjectFile(page), { keys: keyTables }, page),
  [words]: fill(readProjectFile(words), { words: wordTable }, words),
});

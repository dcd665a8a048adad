import { keyRows, placesTitle } from '../source/commands/calling/keys-list.ts';
import { commandTable } from '../source/commands/calling/table.ts';
import { findLab, labNames } from '../source/labs/catalogue.ts';
import { keepFresh, readProjectFile } from './generated.ts';
import { code, fill, table } from './markdown.ts';

const page = 'README.md';

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

const labs = await labTable();

keepFresh({ [page]: fill(readProjectFile(page), { keys: keyTable, labs: () => labs }, page) });

import { withKeys } from '../../commands/calling/key-text.ts';
import { firstKeys } from '../../commands/calling/keymap.ts';
import { findLab, labNames } from '../../labs/catalogue.ts';
import type { Language } from '../../labs/lab.ts';
import { complain, print, printJson } from '../print.ts';
import { prepare } from '../screen/keymap-settings.ts';
import { systemLanguage } from '../screen/terminal.ts';

/** `sockbench labs`: name, title and lesson of each built-in lab. Keys in it are the person's, as far as settings are read. */
export const listLabs = async (
  json: boolean,
  config: string | undefined,
  lang: Language = systemLanguage(),
): Promise<number> => {
  const prepared = await prepare(config);
  const keyOf = prepared.ok ? firstKeys(prepared.keymap) : () => '';
  const rows: { name: string; title: string; lesson: string }[] = [];
  for (const name of await labNames()) {
    const read = await findLab(name);
    if (!read.ok) {
      complain(`sockbench labs: ${read.message}`);
      return 1;
    }
    const { title, stages } = read.lab;
    rows.push({ name, title: title[lang], lesson: withKeys(stages[0]?.say[lang].trim() ?? '', keyOf) });
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  if (json) printJson(rows);
  else print(rows.map(row => `${row.name.padEnd(width)}  ${row.title}`).join('\n'));
  return 0;
};

import { type KeyRow, keyRows } from '../../../source/commands/calling/keys-list.ts';
import { commandTable } from '../../../source/commands/calling/table.ts';

/** Commands of the key table that have no key while it soaks, and why. */
export const excluded: Readonly<Record<string, string>> = {
  quit: 'it ends the program',
  'quit-again': 'it ends the program',
  interrupt: 'where nothing is in flight, its second time ends the program',
  suspend: 'it goes back to a shell, which would get the keys',
  labs: 'it leads to labs, which take the place of the bench',
  'glossary-lab': 'it opens a lab, which takes the place of the bench',
  'enter-palette':
    'any command has a name there, those too that end the program: what is typed on purpose has a key of its own',
  save: 'a file of all that is held each time: the disk would fill',
  'save-bytes': 'as save',
  'save-entries': 'as save',
};

/** What enters a line of the palette instead: no key that is pressed by chance. */
export const enterLine = 'alt-9';

const rows: readonly KeyRow[] = keyRows(commandTable).filter(({ command }) => !(command in excluded));

/** Every key that does something somewhere, by the names that the table has. */
export const keyNames: readonly string[] = [...new Set(rows.flatMap(({ names }) => names))];

/** Settings in which the excluded have no key. */
export const settings = `keys:\n${Object.keys(excluded)
  .map(command => `  ${command}: [${command === 'enter-palette' ? enterLine : ''}]\n`)
  .join('')}`;

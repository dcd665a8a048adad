import {
  type Command,
  everyPane,
  everywhere,
  listPlaces,
  type Place,
  panePlaces,
  programPlaces,
  readerPlaces,
  textPlaces,
} from './command.ts';
import { keyTitle } from './keys.ts';

/** A row of the key table: keys for reading ("Ctrl-P"), their names for a keymap ("ctrl-p"). */
export type KeyRow = {
  readonly command: string;
  /** The heading it stands under. */
  readonly group: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly where: readonly Place[];
};

const groups: readonly (readonly [string, readonly Place[]])[] = [
  ['everywhere', everywhere],
  ['panes, lab and time', everyPane],
  ['panes', panePlaces],
  ['program panes', programPlaces],
  ['text fields', textPlaces],
  ['entry, stream and code', readerPlaces],
  ['entry and stream', ['entry', 'stream']],
  ['lists over the panes', listPlaces],
];

/** Places in few words: "panes", "entry and stream, menu". */
export const placesTitle = (where: readonly Place[]): string => {
  let left = [...where];
  const words: string[] = [];
  for (const [title, places] of groups) {
    if (!places.every(place => left.includes(place))) continue;
    words.push(title);
    left = left.filter(place => !places.includes(place));
  }
  return [...words, ...left].join(', ');
};

/** Every command with a key, in the table's order: what `sockbench keys` prints and docs/keys.md holds. */
export const keyRows = (commands: readonly Command[]): readonly KeyRow[] =>
  commands
    .filter(command => command.keys.length > 0)
    .map(({ id, title, keys, where, group }) => ({
      command: id,
      group,
      title,
      keys: keys.map(keyTitle),
      names: keys,
      where,
    }));

/** The table for people: keys, what they do, where. */
export const formatKeys = (commands: readonly Command[]): string => {
  const rows = keyRows(commands).map(
    ({ keys, title, where }) => [keys.join(', '), title, placesTitle(where)] as const,
  );
  const width = (column: 0 | 1) => Math.max(...rows.map(row => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([keys, title, where]) => `${keys.padEnd(first)}  ${title.padEnd(second)}  ${where}`)
    .join('\n');
};

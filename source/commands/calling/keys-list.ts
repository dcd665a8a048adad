import stringWidth from 'string-width';
import { marked, t } from '../../core/words/translate.ts';
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
  [marked('everywhere'), everywhere],
  [marked('panes, lab and time'), everyPane],
  [marked('panes'), panePlaces],
  [marked('program panes'), programPlaces],
  [marked('text fields'), textPlaces],
  [marked('entry, stream and code'), readerPlaces],
  [marked('entry and stream'), ['entry', 'stream']],
  [marked('lists over the panes'), listPlaces],
];

/** A place by itself. */
const placeTitles: Readonly<Record<Place, string>> = {
  client: marked('client'),
  'tcp-server': marked('tcp-server'),
  'udp-server': marked('udp-server'),
  timeline: marked('timeline'),
  log: marked('log'),
  lab: marked('lab'),
  time: marked('time'),
  help: marked('help'),
  palette: marked('palette'),
  form: marked('form'),
  send: marked('send'),
  search: marked('search'),
  labs: marked('labs'),
  entry: marked('entry'),
  stream: marked('stream'),
  code: marked('code'),
  menu: marked('menu'),
  why: marked('why'),
  options: marked('options'),
  rules: marked('rules'),
  saved: marked('saved'),
  glossary: marked('glossary'),
  confirm: marked('confirm'),
};

/** Places in few words: "panes", "entry and stream, menu". */
export const placesTitle = (where: readonly Place[]): string => {
  let left = [...where];
  const words: string[] = [];
  for (const [title, places] of groups) {
    if (!places.every(place => left.includes(place))) continue;
    words.push(t(title));
    left = left.filter(place => !places.includes(place));
  }
  return [...words, ...left.map(place => t(placeTitles[place]))].join(t(', '));
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

const inColumns = (text: string, columns: number): string => text + ' '.repeat(columns - stringWidth(text));

/** The table for people: keys, what they do, where. */
export const formatKeys = (commands: readonly Command[]): string => {
  const rows = keyRows(commands).map(
    ({ keys, title, where }) => [keys.join(', '), t(title), placesTitle(where)] as const,
  );
  const width = (column: 0 | 1) => Math.max(...rows.map(row => stringWidth(row[column])));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([keys, title, where]) => `${inColumns(keys, first)}  ${inColumns(title, second)}  ${where}`)
    .join('\n');
};

import type { Keymap } from '../../source/commands/calling/command.ts';
import { buildKeymap } from '../../source/commands/calling/keymap.ts';
import { keyTitle } from '../../source/commands/calling/keys.ts';
import { commandTable } from '../../source/commands/calling/table.ts';

/** A key that no command of the table has, and that types nothing: Alt with a character of its own. */
const keyAt = (index: number): string => `alt-${String.fromCodePoint(0x4e00 + index)}`;

const built = buildKeymap(
  commandTable,
  Object.fromEntries(commandTable.map(({ id }, index) => [id, [keyAt(index)]])),
);
if (!built.ok) throw new Error(built.messages.join('\n'));

/** Every command of the table on another key. */
export const rebound: Keymap = built.keymap;

const unbound = buildKeymap(commandTable, Object.fromEntries(commandTable.map(({ id }) => [id, []])));
if (!unbound.ok) throw new Error(unbound.messages.join('\n'));

/** No command has a key. */
export const keyless: Keymap = unbound.keymap;

const titles = [...new Set(commandTable.flatMap(({ keys }) => keys).map(keyTitle))];

/** Keys whose titles are words, such as Enter and Ctrl-T: nothing else is called so on a screen. */
const named = titles.filter(title =>
  /^(?:Ctrl-|Alt-|Shift-)|^(?:Enter|Esc|Space|Tab|PgUp|PgDn|Backspace)$/.test(title),
);
const namedPattern = new RegExp(`(?<![\\w-])(?:${named.join('|')})(?![\\w-])`, 'g');

/** What a key does, as texts say it behind the key: the third person of a verb. */
const deeds =
  'accepts|asks|cancels|chooses|closes|connects|copies|flushes|follows|goes|half-closes|leaves|lets|lists|listens|' +
  'opens|quits|receives|runs|says|searches|sends|sets|starts|stops|turns';

/** The same in a word, at the foot of a box and in hints. `a` is an article there, and a colon no key. */
const words = 'again|back|backlog|bytes|commands|copy|no|send|stream|text|timeout|why|yes';

const letters = titles.filter(title => /^[A-Za-z?:/&]$/.test(title));

/** Before what it does, `a accepts one`, or in brackets behind it, `(a)`. */
const letterPattern = new RegExp(
  `(?<![\\w.'"=-])(?:[${letters.join('')}] (?:${deeds})|[${letters.filter(letter => !/[aA:]/.test(letter)).join('')}] (?:${words}))\\b|\\([${letters.join('')}]\\)`,
  'g',
);

/** Where a text names keys of the table. */
export const tableKeysIn = (text: string): readonly string[] =>
  [...text.matchAll(namedPattern), ...text.matchAll(letterPattern)].map(
    ({ 0: found, index }) => `${found} in "${text.slice(Math.max(0, index - 40), index + 40).trim()}"`,
  );

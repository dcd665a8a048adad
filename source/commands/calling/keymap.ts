import type { Deed, KeyWords } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { type Command, isTextPlace, type Keymap, type KeyOf, type Place } from './command.ts';
import { badKey, keyTitle, typed } from './keys.ts';

/** A person's own keys: command id to the keys that call it instead of the table's. */
export type KeyOverrides = Readonly<Record<string, readonly string[]>>;

/**
 * The command that a key calls in a place. In the lesson and on the time bar a key that means nothing there is taken as
 * in the log.
 */
export const commandAt = ({ find }: Keymap, place: Place, key: string): Command | undefined =>
  find(place, key) ?? (place === 'lab' || place === 'time' ? find('log', key) : undefined);

export const firstKeys =
  (keymap: Keymap): KeyOf =>
  id => {
    const [key] = keymap.keysOf(id);
    return key === undefined ? '' : keyTitle(key);
  };

/** The key of a command, or where it has none its name, as it is typed in the palette. */
export const doneBy = (keyOf: KeyOf, command: string): string => keyOf(command) || command;

/** What keys do in a place, as a line at its foot: `Enter sets, Esc back`. Of commands that have a key. */
export const keyHints = (
  keyOf: KeyOf,
  ...hints: readonly (readonly [command: string, does: string])[]
): string =>
  hints
    .map(([command, does]) => [keyOf(command), does] as const)
    .filter(([key]) => key !== '')
    .map(([key, does]) => `${key} ${does}`)
    .join(t(', '));

const deedCommands: Readonly<Record<Deed, string>> = {
  accept: 'accept',
  send: 'send',
  recv: 'receive',
  end: 'close-menu',
  flush: 'palette',
  cancel: 'cancel',
  policy: 'policy',
  type: 'palette',
};

/** A person's own keys, for words about waits. */
export const keyWords =
  (keyOf: KeyOf): KeyWords =>
  (deed, on) =>
    keyOf(deedCommands[deed], deed === 'type' ? undefined : on);

export type KeymapResult =
  | { readonly ok: true; readonly keymap: Keymap }
  | { readonly ok: false; readonly messages: readonly string[] };

const withOverrides = (commands: readonly Command[], overrides: KeyOverrides): Command[] =>
  commands.map(command => ({ ...command, keys: overrides[command.id] ?? command.keys }));

const complaints = (command: Command): string[] =>
  command.keys.flatMap(key => {
    const bad = badKey(key);
    if (bad !== null) return [`${command.id}: ${bad}`];
    const text = command.where.find(isTextPlace);
    if (text !== undefined && typed(key) !== null) {
      return [t`${command.id}: ${keyTitle(key)} is text in ${text}, it cannot be a command there`];
    }
    return [];
  });

/**
 * The keymap of a table with a person's overrides. Refused, by name, are overrides of no command, keys that no
 * terminal sends, printable keys where text is typed, and two commands on one key in one place.
 */
export const buildKeymap = (table: readonly Command[], overrides: KeyOverrides = {}): KeymapResult => {
  const messages: string[] = [];
  for (const id of Object.keys(overrides)) {
    if (!table.some(command => command.id === id)) messages.push(t`keymap: there is no command "${id}"`);
  }
  const commands = withOverrides(table, overrides);
  const places = new Map<Place, Map<string, Command>>();
  for (const command of commands) {
    messages.push(...complaints(command));
    for (const place of command.where) {
      const keys = places.get(place) ?? new Map<string, Command>();
      places.set(place, keys);
      for (const key of command.keys) {
        const other = keys.get(key);
        if (other) messages.push(t`${keyTitle(key)} in ${place} is both ${other.id} and ${command.id}`);
        else keys.set(key, command);
      }
    }
  }
  if (messages.length > 0) return { ok: false, messages };
  const byId = new Map(commands.map(command => [command.id, command]));
  const keymap: Keymap = {
    commands,
    find: (place, key) => places.get(place)?.get(key),
    keysOf: id => byId.get(id)?.keys ?? [],
  };
  return { ok: true, keymap };
};

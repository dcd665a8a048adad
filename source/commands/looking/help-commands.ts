import fuzzysort from 'fuzzysort';
import { emptyField, fieldText } from '../../bench/view/text-field.ts';
import { t } from '../../core/words/translate.ts';
import type { Command, Context, Keymap, Place } from '../calling/command.ts';
import { pressCommand } from '../calling/invoke.ts';
import { commandAt } from '../calling/keymap.ts';
import { keyTitle } from '../calling/keys.ts';
import { closeOverlay, openOverlay, overlayOf, placeOf } from '../calling/overlays.ts';

/** A command's keys for reading: "Up, k". */
export const keysTitle = (keymap: Keymap, id: string): string => keymap.keysOf(id).map(keyTitle).join(', ');

/** A command is found by its English title too; '' where that is the only one. */
export const translatedTitle = ({ title }: Command): string => (t(title) === title ? '' : t(title));

/** Commands with a key that works in a place, as the table has them, or those that match a filter, the best first. */
export const helpItems = (keymap: Keymap, place: Place, filter: string): readonly Command[] => {
  const here = keymap.commands.filter(command =>
    command.keys.some(key => commandAt(keymap, place, key) === command),
  );
  const text = filter.trim();
  if (text === '') return here;
  const exact = here.filter(command => command.keys.some(key => keyTitle(key) === text));
  if (exact.length > 0) return exact;
  return fuzzysort
    .go(text, here, { keys: ['title', 'id', translatedTitle], threshold: 0.3 })
    .map(result => result.obj);
};

export const openHelp = (context: Context): void =>
  openOverlay(context, {
    kind: 'help',
    place: placeOf(context.store.getState()),
    filter: emptyField,
    at: 0,
  });

/** Enter in help: runs the chosen command where help was opened. */
export const submitHelp = (context: Context): void => {
  const overlay = overlayOf(context.store.getState(), 'help');
  if (!overlay) return;
  const command = helpItems(context.keymap, overlay.place as Place, fieldText(overlay.filter))[overlay.at];
  if (!command) return;
  closeOverlay(context);
  pressCommand(context, command);
};

import { editField, type FieldAction } from '../../bench/view/text-field.ts';
import { t } from '../../core/words/translate.ts';
import { type Context, isTextPlace, look, say } from './command.ts';
import { changeField } from './fields.ts';
import { keysHere } from './hint-keys.ts';
import { pressCommand } from './invoke.ts';
import { commandAt, doneBy } from './keymap.ts';
import { typed } from './keys.ts';
import { placeOf, topOverlay } from './overlays.ts';
import { holdKey } from './type-ahead.ts';

/**
 * Everything a key does: the command it calls in the place that has the keys, or a character for the text field
 * there. Keys that mean nothing do nothing.
 */
export const press = (context: Context, key: string): void => {
  if (holdKey(context, key, press)) return;
  dropMessage(context, key);
  const world = context.store.getState();
  const place = placeOf(world);
  const command = commandAt(context.keymap, place, key);
  const text = isTextPlace(place) ? typed(key) : null;
  if (command) pressCommand(context, command);
  else if (text !== null) edit(context, { kind: 'insert', text });
};

/**
 * Esc and a key that came with it, as terminals also send that key with Alt: as that where the place knows it so, else
 * Esc, then the key where Esc has led.
 */
export const pressAfterEscape = (context: Context, withAlt: string, alone: string): void => {
  if (commandAt(context.keymap, placeOf(context.store.getState()), withAlt)) return press(context, withAlt);
  press(context, 'escape');
  press(context, alone);
};

/**
 * A message that lasts goes with the first key after its time. In a replay, whose time may stand still or go back, all
 * of them go with the next key.
 */
const dropMessage = (context: Context, key: string): void => {
  const { message, replay } = context.store.getState().view;
  const over = message?.lasting && message.until <= context.source.now();
  if (!message || !(replay || over)) return;
  const id = commandAt(context.keymap, placeOf(context.store.getState()), key)?.id;
  if (id === 'quit') return;
  const again = id === 'interrupt';
  look(context, again ? { message: null } : { message: null, quitBefore: 0 });
};

const edit = (context: Context, action: FieldAction): void =>
  changeField(context, field => editField(field, action));

const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').trim();

/** Pasted text. In the send line it is literal; elsewhere it is as if typed, on one line. */
export const paste = (context: Context, text: string): void => {
  const overlay = topOverlay(context.store.getState().view);
  if (overlay?.kind === 'send' && overlay.at === 'payload') {
    edit(context, { kind: 'paste', text: text.replace(/\r\n?/g, '\n'), literal: true });
  } else if (overlay && isTextPlace(overlay.kind)) {
    edit(context, { kind: 'paste', text: oneLine(text), literal: false });
  } else {
    const keyOf = keysHere(context);
    const [send, palette] = [doneBy(keyOf, 'send'), doneBy(keyOf, 'palette')];
    say(context, t`Pasted text goes into a text field: ${send} send, ${palette} commands`);
  }
};

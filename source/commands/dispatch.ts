import { type FieldAction, editField } from '../bench/text-field.ts';
import { type Context, look, isTextPlace } from './command.ts';
import { changeField } from './fields.ts';
import { pressCommand } from './invoke.ts';
import type { Keymap } from './keymap.ts';
import { typed } from './keys.ts';
import { placeOf, topOverlay } from './overlays.ts';

/**
 * Everything a key does: the command it calls in the place that has the keys, or a character for the text field
 * there. Keys that mean nothing do nothing.
 */
export const press = (context: Context, keymap: Keymap, key: string): void => {
  const world = context.store.getState();
  const place = placeOf(world);
  const command = keymap.find(place, key);
  if (command) return pressCommand(context, command);
  const text = isTextPlace(place) ? typed(key) : null;
  if (text !== null) edit(context, { kind: 'insert', text });
};

const edit = (context: Context, action: FieldAction): void => changeField(context, field => editField(field, action));

const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').trim();

/** Pasted text. In the send line it is literal; elsewhere it is as if typed, on one line. */
export const paste = (context: Context, text: string): void => {
  const overlay = topOverlay(context.store.getState().view);
  if (overlay?.kind === 'send' && overlay.at === 'payload') {
    return edit(context, { kind: 'paste', text: text.replace(/\r\n?/g, '\n'), literal: true });
  }
  if (overlay && isTextPlace(overlay.kind)) return edit(context, { kind: 'paste', text: oneLine(text), literal: false });
  look(context, {
    message: {
      text: 'Pasted text goes into a text field: s send, : commands',
      level: 'info',
      until: context.bench.now() + 5_000,
    },
  });
};

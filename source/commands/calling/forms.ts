import type { FormField } from '../../bench/view/overlay.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import { type Context, look } from './command.ts';
import { runCommand } from './invoke.ts';
import { changeOverlay, overlayOf } from './overlays.ts';

const writtenIn = (fields: readonly FormField[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ name, field }) => [name, fieldText(field)]));

/** Enter in a form: runs its command. It closes when that went well; else it says why and keeps what was typed. */
export const submitForm = async (context: Context): Promise<void> => {
  const form = overlayOf(context.store.getState(), 'form');
  if (!form || form.busy) return;
  const command = context.keymap.commands.find(each => each.id === form.command);
  if (!command) return;
  changeOverlay(context, 'form', { busy: true, refusal: null });
  const result = await runCommand(context, command, writtenIn(form.fields));
  if (!result) return leaveForm(context, form.command);
  const about = form.fields.findIndex(field => field.name === result.field);
  changeOverlay(context, 'form', { busy: false, refusal: result, ...(about >= 0 ? { at: about } : {}) });
};

/** Closes the form wherever it lies: something may have been opened over it, or Esc was faster. */
const leaveForm = (context: Context, command: string): void =>
  look(context, view => ({
    overlays: view.overlays.filter(overlay => !(overlay.kind === 'form' && overlay.command === command)),
  }));

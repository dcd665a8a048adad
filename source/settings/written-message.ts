import type { SavedMessage } from '../core/model/saved-names.ts';

/** A message as it stands in the settings: a text, or what else it is by a name. */
export type WrittenMessage = string | { readonly hex: string } | { readonly file: string };

/** The same as it is used. */
export const messageOf = (written: WrittenMessage): SavedMessage => {
  if (typeof written === 'string') return { mode: 'text', text: written };
  return 'hex' in written ? { mode: 'hex', text: written.hex } : { mode: 'file', text: written.file };
};

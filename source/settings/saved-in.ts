import type { SavedMessage, SavedNames } from '../core/model/saved-names.ts';
import type { Settings } from './settings-file.ts';

/** A message as it stands in the file: a text, or what else it is by a name. */
export type WrittenMessage = string | { readonly hex: string } | { readonly file: string };

/** The same as it is used. */
export const messageOf = (written: WrittenMessage): SavedMessage => {
  if (typeof written === 'string') return { mode: 'text', text: written };
  return 'hex' in written ? { mode: 'hex', text: written.hex } : { mode: 'file', text: written.file };
};

/** What the settings keep under names. */
export const savedIn = ({ endpoints = {}, messages = {}, rules = {} }: Settings): SavedNames => ({
  endpoints,
  messages: Object.fromEntries(Object.entries(messages).map(([name, value]) => [name, messageOf(value)])),
  rules,
});

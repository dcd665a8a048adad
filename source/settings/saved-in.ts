import type { SavedNames } from '../core/model/saved-names.ts';
import type { Settings } from './settings-file.ts';
import { messageOf } from './written-message.ts';

/** What the settings keep under names. */
export const savedIn = ({ endpoints = {}, messages = {}, rules = {} }: Settings): SavedNames => ({
  endpoints,
  messages: Object.fromEntries(Object.entries(messages).map(([name, value]) => [name, messageOf(value)])),
  rules,
});

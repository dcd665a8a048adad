import type { SavedNames } from '../core/model/saved-names.ts';
import { messageOf, type Settings } from './settings-file.ts';

/** What the settings keep under names. */
export const savedIn = ({ endpoints = {}, messages = {}, rules = {} }: Settings): SavedNames => ({
  endpoints,
  messages: Object.fromEntries(Object.entries(messages).map(([name, value]) => [name, messageOf(value)])),
  rules,
});

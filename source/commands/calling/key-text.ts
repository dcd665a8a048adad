import type { KeyOf } from './command.ts';
import { doneBy } from './keymap.ts';

/** A key in a lesson, by the command that it calls: `{key send}`. */
export const keyMark = /\{key ([a-z-]+)\}/g;

/** A lesson's text with the reader's own keys in it. */
export const withKeys = (text: string, keyOf: KeyOf): string =>
  text.replaceAll(keyMark, (_, command: string) => doneBy(keyOf, command));

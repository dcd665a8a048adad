import { latePattern } from '../bytes/late.ts';
import { safeText } from '../bytes/printable.ts';

/**
 * What a parser answers. `column` counts from 0 in UTF-16 units of the text that was parsed, `length` is how much
 * of it is concerned. The message is one sentence that names the value and the way out.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

export type Refused = {
  readonly ok: false;
  readonly message: string;
  readonly column: number;
  readonly length?: number;
};

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

const ends = (text: string): string =>
  text.length < 600 ? text : `${text.slice(0, 300)}...${text.slice(-200)}`;

/** Of a language that writes blanks between words: a Chinese sentence has none. */
const longWord = latePattern(String.raw`[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef]{80,}`, 'gu');

/**
 * A message repeats what was typed: a word of megabytes is cut, and what would steer a terminal is escaped, which may
 * make eight characters of one. A cut may leave half of a character.
 */
export const readable = (message: string): string =>
  ends(safeText(ends(message).replace(longWord(), word => `${word.slice(0, 60)}...`))).toWellFormed();

/** A refusal; what its message repeats of the text is cut and made safe to print. */
export const refused = (message: string, column = 0, length?: number): Refused => ({
  ok: false,
  message: readable(message),
  column,
  ...(length === undefined ? {} : { length }),
});

/** The same refusal, seen from a text in which the one that was parsed begins at `by`. */
export const shifted = <T>(result: Parsed<T>, by: number): Parsed<T> =>
  result.ok ? result : { ...result, column: result.column + by };

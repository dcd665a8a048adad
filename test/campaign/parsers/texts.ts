import type { Chance } from '../../support/chance.ts';

/** What readers trip over: names that every object has, numbers no machine holds, half characters, and what ends a line. */
const pieces: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '0',
  '-1',
  '65536',
  '99999999999999999999999999',
  '1e308',
  '0x7fffffff',
  '0.1e-400',
  'NaN',
  'Infinity',
  '"',
  "'",
  '\\',
  '\\x',
  '\\u{',
  '\\u{110000}',
  '$x',
  '$',
  '=>',
  '==',
  '#',
  '/',
  '//',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  '<',
  '>',
  ':',
  ',',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '\x1b[2J',
  '\x9b',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\u{10ffff}',
  '\u{e0041}',
  'e\u0301',
  '中',
  '%',
  '%zz',
  '|',
  '*',
  '+',
  '?',
  '&',
  '!',
  '@',
  '^',
  '~',
  '...',
  '-',
  '--',
  '=',
  'ms',
  'GiB',
];

/** Times that a piece is said again. Rarely many: texts of a hundred kilobytes cost what a thousand short ones do. */
const timesOf = (chance: Chance): number =>
  chance.below(200) === 0 ? 100_000 : chance.below(20) === 0 ? 2_000 : 1 + chance.below(20);

/** Characters of the longest text that is made, unless a reader is for shorter ones. */
const longestText = 200_000;

const place = (chance: Chance, text: string): number => chance.below(text.length + 1);

const stretchOf = (chance: Chance, text: string): string => {
  const from = place(chance, text);
  return text.slice(from, from + 1 + chance.below(12));
};

const put = (text: string, at: number, piece: string, taken = 0): string =>
  text.slice(0, at) + piece + text.slice(at + taken);

/** The text with one thing wrong in it. */
const spoiled = (chance: Chance, text: string, examples: readonly string[], longest: number): string => {
  const at = place(chance, text);
  switch (chance.below(8)) {
    case 0:
      return put(text, at, '', 1 + chance.below(8));
    case 1:
      return put(text, at, chance.one(pieces), chance.below(3));
    case 2:
      return put(text, at, stretchOf(chance, chance.one(examples)));
    case 3:
      return put(text, at, stretchOf(chance, text).repeat(timesOf(chance)).slice(0, longest));
    case 4:
      return put(text, at, chance.one(pieces).repeat(timesOf(chance)).slice(0, longest));
    case 5:
      return text.replace(/\d+/, () =>
        chance.one(['0', '-1', '65536', '99999999999999999999', '1e999', '00']),
      );
    case 6:
      return text.slice(0, at);
    default:
      return put(
        text,
        at,
        String.fromCharCode(chance.below(chance.below(2) ? 0x180 : 0x10000)),
        chance.below(2),
      );
  }
};

/** An example, or none, with up to five things wrong in it. */
export const mangled = (chance: Chance, examples: readonly string[], longest = longestText): string => {
  let text = chance.below(20) === 0 ? '' : chance.one(examples);
  for (let left = chance.below(6); left > 0 && text.length < longest; left--)
    text = spoiled(chance, text, examples, longest);
  return text.slice(0, longest);
};

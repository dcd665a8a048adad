import type { RE2JS } from 're2js';
import { encodeText } from '../../core/bytes/payload.ts';
import { type Pattern, patternPieces } from '../../core/language/pattern-text.ts';
import { t } from '../../core/words/translate.ts';
import { compilePattern, patternProblem } from './pattern.ts';

/*
 * A rule's expression is matched with a character a byte: what a stream brings is cut anywhere, also within a character, and
 * the same bytes must be found however they came.
 */

/** Instructions of RE2's program: beyond this the bytes of one look would take longer than a screen may stand still. */
const largestProgram = 300;

const hexEscape = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** The expression for bytes: a character beyond ASCII is the bytes of its UTF-8. */
const byteSource = (source: string): string =>
  [...patternPieces(source)]
    .map(({ text }) => {
      if (isAscii(text) || text.startsWith('[')) return text;
      if (!text.startsWith('\\Q')) return `(?:${Array.from(encodeText(text), hexEscape).join('')})`;
      const quoted = text.slice(2).replace(/\\E$/, '');
      return Array.from(encodeText(quoted), hexEscape).join('');
    })
    .join('');

/** Of a stream ^ and $ are at every line: where what has come so far begins and ends says nothing of the request. */
const onBytes = ({ source, flags }: Pattern): Pattern => ({
  source: byteSource(source),
  flags: flags.includes('m') ? flags : `${flags}m`,
});

/** Why a rule cannot go by this expression, in a sentence; null where it can. */
export const rulePatternProblem = (pattern: Pattern): string | null => {
  const problem = patternProblem(pattern);
  if (problem !== null) return problem;
  for (const { text } of patternPieces(pattern.source)) {
    if (text.startsWith('[') && !isAscii(text))
      return t`a class holds bytes, and ${text} has a character of several: write (?:a|b) for [ab]`;
    if (text.startsWith('\\') && !text.startsWith('\\Q') && !isAscii(text))
      return t`${text} needs no backslash: leave it out`;
  }
  const size = compilePattern(onBytes(pattern)).programSize();
  if (size <= largestProgram) return null;
  return t`this expression is too large to be searched for in all that comes (${size} steps, at most ${largestProgram}): write smaller repeats`;
};

/** Where an expression was found, and its groups: bytes from and to, null where a group took no part. */
export type Found = {
  readonly from: number;
  readonly to: number;
  readonly groups: readonly ({ readonly from: number; readonly to: number } | null)[];
};

export type Expression = {
  /** How much work a byte is, in RE2's instructions. */
  readonly size: number;
  /** So many kinds of bytes it tells apart. */
  readonly kinds: number;
  /** The first place in a text of a character a byte. */
  readonly find: (text: string) => Found | null;
  /** Whether what was found up to the text's end would be longer, had one byte more come. */
  readonly goesOn: (text: string) => boolean;
};

/** One byte of each kind that the expression tells from others. */
const kindsOfBytes = (compiled: RE2JS): readonly string[] => {
  const kinds = new Map<number, string>();
  for (const [byte, kind] of compiled.re2().dfa.latin1Class.entries())
    if (!kinds.has(kind)) kinds.set(kind, String.fromCharCode(byte));
  return [...kinds.values()];
};

const find = (compiled: RE2JS, text: string): Found | null => {
  // Only whether it is there costs much less than where.
  if (!compiled.test(text)) return null;
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return null;
  const groups = Array.from({ length: compiled.groupCount() }, (_, index) => {
    const from = matcher.start(index + 1);
    return from < 0 ? null : { from, to: matcher.end(index + 1) };
  });
  return { from: matcher.start(), to: matcher.end(), groups };
};

const prepare = (pattern: Pattern): Expression => {
  const compiled = compilePattern(onBytes(pattern));
  const kinds = kindsOfBytes(compiled);
  return {
    size: compiled.programSize(),
    find: text => find(compiled, text),
    kinds: kinds.length,
    goesOn: text => kinds.some(byte => (find(compiled, text + byte)?.to ?? 0) > text.length),
  };
};

const prepared = new WeakMap<Pattern, Expression>();

export const expressionOf = (pattern: Pattern): Expression => {
  const known = prepared.get(pattern);
  if (known) return known;
  const made = prepare(pattern);
  prepared.set(pattern, made);
  return made;
};

import { RE2JS, RE2JSException } from 're2js';
import type { Pattern } from '../../core/language/pattern-text.ts';
import { t } from '../../core/words/translate.ts';

const flagValues: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  s: RE2JS.DOTALL,
  m: RE2JS.MULTILINE,
};

/** The expressions compiled so far: a line that is repeated compiles its own once. */
const compiled = new Map<string, RE2JS>();
const mostCompiled = 100;

export const compilePattern = ({ source, flags }: Pattern): RE2JS => {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const made = RE2JS.compile(
    source,
    [...flags].reduce((sum, flag) => sum | (flagValues[flag] ?? 0), 0),
  );
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, made);
  return made;
};

/** Why this is no regular expression, in a sentence; null where it is one. Syntax: github.com/google/re2/wiki/Syntax. */
export const patternProblem = (pattern: Pattern): string | null => {
  try {
    compilePattern(pattern);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    return t`/${pattern.source}/ is no regular expression: ${why} (RE2 syntax, without look-around and back-references)`;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/** Bytes as the characters that an expression is matched with: UTF-8 where they are, else a byte a character. */
const charactersOf = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
};

/**
 * Whether the expression is found anywhere in the text, in time linear in its length whatever the expression: RE2's
 * automata never go back.
 */
export const matchesPattern = (pattern: Pattern, text: Uint8Array | string): boolean =>
  compilePattern(pattern).test(typeof text === 'string' ? text : charactersOf(text));

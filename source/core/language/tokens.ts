import { closingQuote } from '../bytes/quoted.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, type Refused, refused } from './parsed.ts';
import { beginsPattern, patternEnd } from './pattern-end.ts';

/** A piece of a line. A word keeps its quotes: `hex"01 03"`, `"no such host":80`. */
export type Token = { readonly kind: 'word' | 'operator'; readonly text: string; readonly column: number };

/** UTF-16 units of the longest line that is read: room for a payload of 4 MiB with every byte escaped. */
export const longestLine = 16 * 1024 * 1024;

/** No call has as many words, as deep parentheses, or a bare word as long. */
const mostWords = 1000;
const deepest = 100;
const longestWord = 4096;

/** Longest first. */
const operators = ['=>', '==', '!=', '<=', '>=', '=', '<', '>', '&'];

const operatorAt = (text: string, at: number): string | undefined =>
  operators.find(operator => text.startsWith(operator, at));

const isQuote = (character: string): boolean => character === '"' || character === "'";

/** Where the word that begins at `start` ends; quotes in it are passed over whole. */
const endOfWord = (text: string, start: number): number | Refused => {
  let at = start;
  let bare = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (isQuote(character)) {
      const end = closingQuote(text, at);
      if (end < 0) return refused(t`the ${character} opened here is not closed`, at, 1);
      at = end + 1;
    } else if (/[\s,()=<>&]/.test(character) || text.startsWith('!=', at)) break;
    else if (++bare > longestWord)
      return refused(t('this word is too long: bytes stand in quotes'), start, at - start);
    else at++;
  }
  return at;
};

/** Where the word or the regular expression that begins at `at` ends. */
const wordEnd = (text: string, at: number): number | Refused => {
  if (!beginsPattern(text, at)) return endOfWord(text, at);
  const end = patternEnd(text, at);
  return end < 0 ? refused(t('the / opened here is not closed: a slash in it is written \\/'), at, 1) : end;
};

/** Parentheses hold nothing together (they are passed over like commas), but they must match. */
type Parens = number[];

const separator = (character: string, at: number, open: Parens): Refused | undefined => {
  if (character === '(' && open.length === deepest)
    return refused(t('too many parentheses: one pair is enough'), at, 1);
  if (character === '(') open.push(at);
  else if (character === ')' && open.pop() === undefined) {
    return refused(t('this parenthesis closes none: delete it'), at, 1);
  } else if (character === '\n') {
    return refused(t('the line ends here: give one line at a time'), at, 1);
  }
  return undefined;
};

/** The words and operators of one line, up to its comment (` #` outside quotes). */
export const tokenize = (text: string): Parsed<Token[]> => {
  if (text.length > longestLine) {
    return refused(t`a line of ${text.length} characters is too long: put the bytes into a file, file"path"`);
  }
  const tokens: Token[] = [];
  const open: Parens = [];
  let blank = true;
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '#' && blank) break;
    blank = /[\s,()]/.test(character);
    if (blank) {
      const problem = separator(character, at, open);
      if (problem) return problem;
      at++;
      continue;
    }
    const operator = operatorAt(text, at);
    const end = operator ? at + operator.length : wordEnd(text, at);
    if (typeof end !== 'number') return end;
    if (tokens.length === mostWords) return refused(t('too many words: bytes stand in quotes'), at, end - at);
    tokens.push({ kind: operator ? 'operator' : 'word', text: text.slice(at, end), column: at });
    at = end;
  }
  const left = open.pop();
  return left === undefined
    ? parsed(tokens)
    : refused(t('the parenthesis opened here is not closed'), left, 1);
};

/** A value read from the front of the tokens, and how many of them it took. */
export type Taken<T> = { readonly value: T; readonly used: number };

export const isOperator = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'operator' && token.text === text;

/** A refusal that points at a token. */
export const refusedAt = (token: Token, message: string): Refused =>
  refused(message, token.column, token.text.length);

/** The column behind the last token: where what is missing would stand. */
export const endColumn = (tokens: readonly Token[]): number => {
  const last = tokens.at(-1);
  return last ? last.column + last.text.length : 0;
};

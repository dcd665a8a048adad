import { t } from '../words/translate.ts';
import { type Parsed, parsed } from './parsed.ts';
import { refusedAt, type Token } from './tokens.ts';

/** A regular expression as it was written, `/text/flags`: what stands between the slashes is RE2's syntax. */
export type Pattern = { readonly source: string; readonly flags: string };

/** More than this is no expression that a person reads. */
const longestPattern = 1000;

/** i: letters of either case; s: a dot is a line's end too; m: ^ and $ at every line. */
const knownFlags = 'ism';

/** A word that is a whole `/expression/flags`. It is compiled where it is first needed. */
export const readPattern = (token: Token): Parsed<Pattern> => {
  const { text } = token;
  const close = text.lastIndexOf('/');
  const source = text.slice(1, close).replace(/\\\//g, '/');
  const flags = text.slice(close + 1);
  const wrong = [...flags].find((flag, index) => !knownFlags.includes(flag) || flags.indexOf(flag) < index);
  if (close === 0) return refusedAt(token, t('the / opened here is not closed'));
  if (source === '') return refusedAt(token, t('which expression? Write for instance /HTTP\\/1\\.[01] 200/'));
  if (source.length > longestPattern)
    return refusedAt(
      token,
      t`an expression of ${source.length} characters is too long: ${longestPattern} are read`,
    );
  if (wrong !== undefined)
    return refusedAt(token, t`${wrong} is no flag of an expression here: i, s and m are, each once`);
  return parsed({ source, flags });
};

/** As it is written in a line. */
export const writePattern = ({ source, flags }: Pattern): string =>
  `/${source.replace(/\\[\s\S]|\//g, piece => (piece === '/' ? '\\/' : piece))}/${flags}`;

/** Index behind the class that begins at `open`, a `[`: a `]` right behind it is one of its characters. */
const classEnd = (source: string, open: number): number => {
  let at = open + (source[open + 1] === '^' ? 2 : 1);
  if (source[at] === ']') at++;
  for (; at < source.length && source[at] !== ']'; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith('[:', at)) at = Math.max(at, source.indexOf(':]', at + 2) + 1);
  }
  return at + 1;
};

/** What an expression consists of, as far as it matters outside of it: a class whole, an escape, else a character. */
export const patternPieces = function* (source: string): Generator<{ at: number; text: string }> {
  for (let at = 0; at < source.length; ) {
    let end = at + 1;
    if (source.startsWith('\\Q', at)) {
      const close = source.indexOf('\\E', at + 2);
      end = close < 0 ? source.length : close + 2;
    } else if (source[at] === '\\') end = at + 2;
    else if (source[at] === '[') end = classEnd(source, at);
    else end = at + String.fromCodePoint(source.codePointAt(at)!).length;
    yield { at, text: source.slice(at, end) };
    at = end;
  }
};

/** How many groups an expression has: `(...)`, `(?P<name>...)` and `(?<name>...)`, but not `(?:...)` or `(?i)`. */
export const groupCount = ({ source }: Pattern): number => {
  let groups = 0;
  for (const { at, text } of patternPieces(source)) {
    if (text === '(' && (source[at + 1] !== '?' || /^\(\?P?</.test(source.slice(at, at + 4)))) groups++;
  }
  return groups;
};

import { type Parsed, parsed } from './parsed.ts';
import { refusedAt, type Token } from './tokens.ts';

/** A regular expression as it was written, `/text/flags`: what stands between the slashes is RE2's syntax. */
export type Pattern = { readonly source: string; readonly flags: string };

/** More than this is no expression that a person reads. */
const longestPattern = 1000;

/** i: letters of either case; s: a dot is a line's end too; m: ^ and $ at every line. */
const knownFlags = 'ism';

/**
 * Index behind the `/expression/flags` that begins at `open`, or -1 where it is not closed. A backslash hides the
 * character behind it, so that \/ is a slash.
 */
export const patternEnd = (text: string, open: number): number => {
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\n') return -1;
    if (character === '\\') at++;
    else if (character === '/') {
      let end = at + 1;
      while (/[a-z]/i.test(text[end] ?? '')) end++;
      return end;
    }
  }
  return -1;
};

/** Whether a regular expression begins at `at`: a slash behind `=>` is one, elsewhere it is a slash. */
export const beginsPattern = (text: string, at: number): boolean => {
  if (text[at] !== '/') return false;
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before]!)) before--;
  return text[before] === '>' && text[before - 1] === '=';
};

/** A word that is a whole `/expression/flags`. It is compiled where it is first needed. */
export const readPattern = (token: Token): Parsed<Pattern> => {
  const { text } = token;
  const close = text.lastIndexOf('/');
  const source = text.slice(1, close).replace(/\\\//g, '/');
  const flags = text.slice(close + 1);
  const wrong = [...flags].find((flag, index) => !knownFlags.includes(flag) || flags.indexOf(flag) < index);
  if (close === 0) return refusedAt(token, 'the / opened here is not closed');
  if (source === '') return refusedAt(token, 'which expression? Write for instance => /HTTP\\/1\\.[01] 200/');
  if (source.length > longestPattern)
    return refusedAt(
      token,
      `an expression of ${source.length} characters is too long: ${longestPattern} are read`,
    );
  if (wrong !== undefined)
    return refusedAt(token, `${wrong} is no flag of an expression here: i, s and m are, each once`);
  return parsed({ source, flags });
};

/** As it is written in a line. */
export const writePattern = ({ source, flags }: Pattern): string =>
  `/${source.replace(/\\[\s\S]|\//g, piece => (piece === '/' ? '\\/' : piece))}/${flags}`;

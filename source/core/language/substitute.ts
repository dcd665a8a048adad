import { closingQuote } from '../bytes/quoted.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import { beginsPattern, patternEnd } from './pattern-end.ts';
import { didYouMean } from './suggest.ts';

const nameAt = /\$([A-Za-z_]\w*)/y;

/** Where the bare part that begins at `at` ends: at a quote, a `$`, an expression, a comment or the end. */
const bareEnd = (text: string, at: number): number => {
  for (let i = at; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"' || character === "'" || character === '$' || beginsPattern(text, i)) return i;
    if (character === '#' && (i === 0 || /[\s,()]/.test(text[i - 1]!))) return i;
  }
  return text.length;
};

const unknown = (name: string, variables: Readonly<Record<string, string>>): string => {
  const known = Object.keys(variables);
  const list =
    known.length === 0 ? t(': none is set') : t`: there is ${known.map(one => `$${one}`).join(', ')}`;
  return t`$${name} has no value${didYouMean(name, known, list)}`;
};

/**
 * Puts values in place of `$name`, outside quotes and regular expressions and up to the comment. What is put in is not looked at again, so
 * that no variable can grow without end. An unknown name is refused at its column.
 */
export const substitute = (text: string, variables: Readonly<Record<string, string>>): Parsed<string> => {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const end = bareEnd(text, at);
    out += text.slice(at, end);
    at = end;
    const character = text[at];
    if (character === undefined || character === '#') break;
    if (character === '$') {
      nameAt.lastIndex = at;
      const [found, name] = nameAt.exec(text) ?? [];
      if (found === undefined || name === undefined) {
        return refused(t('$ needs a name, as in $port; a dollar sign itself stands in quotes'), at, 1);
      }
      if (!Object.hasOwn(variables, name)) return refused(unknown(name, variables), at, found.length);
      out += variables[name]!;
      at += found.length;
      continue;
    }
    const close = character === '/' ? patternEnd(text, at) - 1 : closingQuote(text, at);
    const stop = close < 0 ? text.length : close + 1;
    out += text.slice(at, stop);
    at = stop;
  }
  return parsed(out + text.slice(at));
};

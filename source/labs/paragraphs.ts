import { latePattern } from '../core/bytes/late.ts';

const han = latePattern(String.raw`\p{Script=Han}`);

/** Punctuation that fills a cell pair of its own: no blank goes beside it. */
const wide = /[\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\uff00-\uffef]/;

/** What stands between two lines that become one: Chinese is written without blanks. */
const joint = (before: string, after: string): string => {
  if (wide.test(before) || wide.test(after)) return '';
  return han().test(before) && han().test(after) ? '' : ' ';
};

const join = (lines: readonly string[]): string =>
  lines.reduce((text, line) => {
    if (text === '') return line;
    const before = text.at(-1) ?? '';
    return `${text}${joint(before, line[0] ?? '')}${line}`;
  }, '');

/**
 * Text as its writer broke it, in paragraphs that a screen can break anew: blank lines part them, and come out as one
 * empty line.
 */
export const paragraphs = (text: string): string =>
  text
    .split(/\n[ \t]*\n/)
    .map(part =>
      join(
        part
          .split('\n')
          .map(line => line.trim())
          .filter(line => line !== ''),
      ),
    )
    .filter(part => part !== '')
    .join('\n\n');

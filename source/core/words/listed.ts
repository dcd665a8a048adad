import { t } from './translate.ts';

/** `a`, `a or b`, `a, b or c`; beyond `most` a number stands for the rest: `a, b or 7 more`. */
export const listed = (words: readonly string[], last: 'and' | 'or', most = 4): string => {
  const shown =
    words.length > most ? [...words.slice(0, most - 1), t`${words.length - most + 1} more`] : words;
  const isAnd = last === 'and';
  const [a, b, c, d] = shown.length > 4 ? [shown.slice(0, -3).join(t(', ')), ...shown.slice(-3)] : shown;
  if (a === undefined || b === undefined) return a ?? '';
  if (c === undefined) return isAnd ? t`${a} and ${b}` : t`${a} or ${b}`;
  if (d === undefined) return isAnd ? t`${a}, ${b} and ${c}` : t`${a}, ${b} or ${c}`;
  return isAnd ? t`${a}, ${b}, ${c} and ${d}` : t`${a}, ${b}, ${c} or ${d}`;
};

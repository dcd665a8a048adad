import { safeText } from '../../core/bytes/payload.ts';

/** Characters of a text that are shown around what is wrong with it. */
const shownAround = 60;

/** The text around a column, and under it a mark there. */
export const excerpt = (text: string, column: number): string => {
  const from = Math.max(0, column - shownAround);
  const before = `${from > 0 ? '...' : ''}${safeText(text.slice(from, column))}`;
  const end = Math.max(column, from) + 2 * shownAround;
  const after = `${safeText(text.slice(column, end))}${end < text.length ? '...' : ''}`;
  return `  ${before}${after}\n  ${' '.repeat(before.length)}^`;
};

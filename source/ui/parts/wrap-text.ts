import { graphemes } from '../../core/bytes/graphemes.ts';
import type { Role } from '../theme.ts';
import { clip, plain, type StyledLine, widthOf } from './styled-line.ts';

/** Wide punctuation that begins no row (UAX #14: CL, EX, NS), and such that ends none (OP). */
const closing = /^[、。，．：；！？）】」』》〉”’…—]/;
const opening = /^[（【「『《〈“‘]/;

/** What a row is not broken within: a word, or one wide character with the punctuation that clings to it; and the blanks before. */
type Piece = { text: string; readonly space: string };

/** Of such a text every character is a piece of a word, or a blank. */
const ascii = /^[\x20-\x7e]*$/;

const words = (text: string): Piece[] =>
  Array.from(text.matchAll(/( *)([^ ]+)/g), ([, space = '', word = '']) => ({ text: word, space }));

const isWide = (grapheme: string): boolean => widthOf(grapheme) > 1 || closing.test(grapheme);

const pieces = (text: string): Piece[] => {
  if (ascii.test(text)) return words(text);
  const found: Piece[] = [];
  let space = '';
  let before = '';
  for (const segment of graphemes(text)) {
    if (/^\s$/.test(segment)) {
      space += ' ';
      before = '';
      continue;
    }
    const last = found.at(-1);
    const clings =
      before !== '' &&
      (closing.test(segment) || opening.test(before) || (!isWide(before) && !isWide(segment)));
    if (last && clings) last.text += segment;
    else found.push({ text: segment, space });
    space = '';
    before = segment;
  }
  return found;
};

/**
 * Wraps a paragraph into rows of at most `width` columns: at spaces, and between wide characters, which need none.
 * A word longer than a row is cut. Rows after the first begin with `indent` blanks.
 */
export const wrapText = (text: string, width: number, indent = 0): string[] => {
  const rows: string[] = [];
  const blanks = ' '.repeat(indent);
  let row = '';
  const room = () => Math.max(2, width - (rows.length === 0 ? 0 : indent));
  const end = () => {
    rows.push((rows.length === 0 ? '' : blanks) + row);
    row = '';
  };
  for (const { text: piece, space } of pieces(text)) {
    const next = row + (row === '' ? '' : space) + piece;
    if (widthOf(next) <= room()) {
      row = next;
      continue;
    }
    if (row !== '') end();
    row = piece;
    while (widthOf(row) > room()) {
      const left = row;
      row = clip(left, room()) || left;
      const cut = row.length;
      end();
      row = left.slice(cut);
    }
  }
  if (row !== '' || rows.length === 0) end();
  return rows;
};

/** A sentence wrapped into lines of at most `width` columns. */
export const wrap = (text: string, width: number, role: Role = 'plain'): StyledLine[] =>
  wrapText(text, width).map(row => plain(row, role));

import stringWidth from 'string-width';
import { narrow, segmenter } from '../../core/bytes/graphemes.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Role } from '../theme.ts';

/** A run of text that looks one way. */
export type Span = { readonly text: string; readonly role: Role };

/** One row of cells; what draws it makes it exactly as wide as it should be. */
export type StyledLine = readonly Span[];

export const span = (text: string, role: Role = 'plain'): Span => ({ text, role });

export const line = (...parts: (string | Span | StyledLine | null | false | undefined)[]): StyledLine => {
  const spans: Span[] = [];
  for (const part of parts) {
    if (!part) continue;
    if (typeof part === 'string') spans.push({ text: part, role: 'plain' });
    else if ('text' in part) spans.push(part);
    else spans.push(...part);
  }
  return spans;
};

export const plain = (text: string, role: Role = 'plain'): StyledLine => [{ text, role }];

/**
 * What most Chinese text is: besides what is narrow, dashes and quotes of one column, and punctuation, ideographs and the full forms
 * of ASCII, of two (Unicode, EastAsianWidth: W and F). Nothing in it combines.
 */
const plainWide =
  /^[\x20-\x7e\u2014\u2018\u2019\u201c\u201d\u2500-\u259f\u2026\u2191-\u2193\u3000-\u3029\u4e00-\u9fff\uff01-\uff60]*$/;
const firstWide = 0x3000;

const plainWidth = (text: string): number => {
  let width = text.length;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= firstWide) width++;
  return width;
};

/** Columns that a text takes. */
export const widthOf = (text: string): number => {
  if (narrow.test(text)) return text.length;
  return plainWide.test(text) ? plainWidth(text) : stringWidth(text);
};

export const lineWidth = (of: StyledLine): number => of.reduce((sum, part) => sum + widthOf(part.text), 0);

/** The longest start of a text that takes at most `width` columns; never half a grapheme. */
export const clip = (text: string, width: number): string => {
  if (width <= 0) return '';
  if (narrow.test(text)) return text.slice(0, width);
  let used = 0;
  let end = 0;
  for (const { segment, index } of segmenter().segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
};

/** The start of a text that is cut; a port at its end goes with the colon before it: the half of one is another port. */
export const cut = (text: string, width: number): string => {
  const start = clip(text, width);
  return /^\d/.test(text.slice(start.length)) ? start.replace(/:\d*$/, '') : start;
};

/** A text in rows of at most `width` columns, which are broken anywhere but within a grapheme; at least one row. */
export const cutUp = (text: string, width: number): string[] => {
  const rows: string[] = [];
  if (narrow.test(text)) {
    for (let at = 0; at < text.length; at += width) rows.push(text.slice(at, at + width));
    return rows.length === 0 ? [''] : rows;
  }
  let row = '';
  let used = 0;
  for (const { segment } of segmenter().segment(text)) {
    const columns = widthOf(segment);
    if (used + columns > width && row !== '') {
      rows.push(row);
      row = '';
      used = 0;
    }
    row += segment;
    used += columns;
  }
  return [...rows, row];
};

/** A text of exactly so many columns: cut, or filled up with spaces. */
export const padded = (text: string, columns: number): string => {
  const fits = clip(text, columns);
  return fits + ' '.repeat(columns - widthOf(fits));
};

/** What stands in a text from one column to another; half of a wide character is a blank. */
const cellsOfText = (text: string, from: number, to: number): string => {
  if (narrow.test(text)) return text.slice(from, to);
  const before = clip(text, from);
  const cutInTwo = widthOf(before) < from && widthOf(clip(text, from + 1)) > from;
  const half = cutInTwo ? clip(text, from + 1) : before;
  const lead = Math.min(to, Math.max(from, widthOf(half))) - from;
  return ' '.repeat(lead) + padded(text.slice(half.length), to - from - lead);
};

/** What stands in a line from one column to another, as it looks there. */
export const cells = (of: StyledLine, from: number, to: number): StyledLine => {
  const spans: Span[] = [];
  let at = 0;
  for (const { text, role } of of) {
    if (at >= to) break;
    const end = at + widthOf(text);
    const isWhole = from <= at && end <= to;
    if (isWhole && text !== '') spans.push({ text, role });
    else if (end > from)
      spans.push({ text: cellsOfText(text, Math.max(0, from - at), Math.min(end, to) - at), role });
    at = end;
  }
  return spans;
};

const cutLine = (of: StyledLine, width: number): Span[] => {
  const spans: Span[] = [];
  let left = width;
  for (const part of of) {
    if (left <= 0) break;
    const text = cut(part.text, left);
    if (text !== '') spans.push({ text, role: part.role });
    left -= widthOf(text);
    if (text.length < part.text.length) break;
  }
  return spans;
};

/** Whether each character of a line takes one column. */
export const isNarrow = (of: StyledLine): boolean => of.every(({ text }) => narrow.test(text));

/** A line that can go to a terminal whatever stands in it: the last guard, beside the escapes of what is foreign. */
const guarded = (of: StyledLine): StyledLine =>
  isNarrow(of) ? of : of.map(part => span(safeText(part.text), part.role));

/** A line of exactly `width` columns: filled up with spaces, or cut with the ellipsis at its end. */
export const fitted = (of: StyledLine, width: number, ellipsis = '…'): StyledLine => {
  const has = lineWidth(of);
  if (has === width) return of;
  if (has < width)
    return [
      ...of,
      { text: ' '.repeat(width - has), role: of.at(-1)?.role === 'selected' ? 'selected' : 'plain' },
    ];
  const mark = clip(ellipsis, width);
  const spans = cutLine(of, width - widthOf(mark));
  const filled = lineWidth(spans) + widthOf(mark);
  return [...spans, { text: mark + ' '.repeat(width - filled), role: spans.at(-1)?.role ?? 'plain' }];
};

/** What a row of the screen is: whatever stands in it, exactly `width` columns of it, and nothing that a terminal obeys. */
export const drawnLine = (of: StyledLine, width: number, ellipsis: string): StyledLine =>
  fitted(guarded(of), width, ellipsis);

/** `left` at the start and `right` at the end of `width` columns; `right` stays whole, `left` is cut. */
export const spread = (left: StyledLine, right: StyledLine, width: number, ellipsis = '…'): StyledLine => {
  const room = width - lineWidth(right);
  return room <= 0 ? fitted(right, width, ellipsis) : [...fitted(left, room, ellipsis), ...right];
};

/** Exactly `count` lines: cut, or filled with empty ones. */
export const exactly = (lines: readonly StyledLine[], count: number): StyledLine[] =>
  lines.length >= count
    ? lines.slice(0, count)
    : [...lines, ...Array<StyledLine>(count - lines.length).fill([])];

import type { Cell, TextField } from '../../bench/view/text-field.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { type Span, type StyledLine, span, widthOf } from './styled-line.ts';

/** A field as it is drawn: at most `width` columns, scrolled so that the cursor is among them, at `cursor`. */
export type DrawnField = { readonly line: StyledLine; readonly cursor: number };

/** What was pasted is shown as the log will write it: a pasted backslash is one byte, and no escape begins there. */
const shown = (cell: Cell, newline: string): string => {
  if (cell.text.length > 2_000) return t`[pasted: ${cell.text.length} characters]`;
  if (cell.pasted && cell.text === '\n') return newline;
  return cell.pasted && cell.text === '\\' ? '\\\\' : safeText(cell.text);
};

const width = (text: string): number => Math.max(1, widthOf(text));

/** The first cell shown, so that everything from it up to the cursor fits. */
const firstShown = (widths: readonly number[], cursor: number, room: number): number => {
  let used = 0;
  let first = cursor;
  while (first > 0 && used + widths[first - 1]! < room) used += widths[--first]!;
  return first;
};

/** What is wrong from this UTF-16 column on is marked; null: nothing. `newline`: how a pasted one is written. */
export const drawField = (
  field: TextField,
  room: number,
  wrongFrom: number | null = null,
  newline = '\\n',
): DrawnField => {
  const texts = field.cells.map(cell => shown(cell, newline));
  const widths = texts.map(width);
  const first = firstShown(widths, field.cursor, room);
  const spans: Span[] = [];
  let used = 0;
  let column = field.cells.slice(0, first).reduce((sum, cell) => sum + cell.text.length, 0);
  let cursor = 0;
  for (let index = first; index < texts.length; index++) {
    if (index === field.cursor) cursor = used;
    if (used + widths[index]! > room) break;
    const wrong = wrongFrom !== null && column >= wrongFrom;
    const own = field.cells[index]!.pasted ? 'own' : field.offered ? 'dim' : 'plain';
    spans.push(span(texts[index]!, wrong ? 'bad' : own));
    used += widths[index]!;
    column += field.cells[index]!.text.length;
  }
  if (field.cursor >= texts.length) cursor = used;
  return { line: merge(spans), cursor: Math.min(cursor, room) };
};

const merge = (spans: readonly Span[]): Span[] => {
  const merged: { text: string; role: Span['role'] }[] = [];
  for (const part of spans) {
    const last = merged.at(-1);
    if (last?.role === part.role) last.text += part.text;
    else merged.push({ ...part });
  }
  return merged;
};

/** Columns from the start of the drawn field to a UTF-16 column of its text; for a caret under what is wrong. */
export const caretColumn = (field: TextField, room: number, column: number): number => {
  const widths = field.cells.map(cell => width(shown(cell, '\\n')));
  const first = firstShown(widths, field.cursor, room);
  let units = 0;
  let used = 0;
  for (const [index, cell] of field.cells.entries()) {
    if (units >= column) break;
    units += cell.text.length;
    if (index >= first) used += widths[index]!;
  }
  return Math.min(used, room);
};

import { graphemes } from '../../core/bytes/graphemes.ts';

/**
 * The one text field: what is typed, where the cursor stands, what was cut. A cell is one grapheme as it was typed
 * or pasted, so that an accent or an emoji goes with one Backspace; a long paste is one cell. `pasted` cells are
 * literal: escapes are read only in what was typed.
 */
export type Cell = { readonly text: string; readonly pasted: boolean };

export type TextField = {
  readonly cells: readonly Cell[];
  /** Between cells: 0 before the first, cells.length after the last. */
  readonly cursor: number;
  /** What Ctrl-W, Ctrl-U or Ctrl-K took, for Ctrl-Y. */
  readonly cut: readonly Cell[];
  /** The text is only offered: what is typed or pasted takes its place, any other key makes it the person's own. */
  readonly offered?: true;
};

export type FieldAction =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string; readonly literal: boolean }
  | { readonly kind: 'set'; readonly text: string }
  | {
      readonly kind:
        | 'left'
        | 'right'
        | 'start'
        | 'end'
        | 'word-left'
        | 'word-right'
        | 'backspace'
        | 'delete'
        | 'cut-word'
        | 'cut-to-start'
        | 'cut-to-end'
        | 'yank';
    };

/** Pasted text longer than this is kept whole as one cell: a field holds what a person can look at. */
const longPaste = 2_000;

const cellsOf = (text: string, pasted: boolean): Cell[] =>
  pasted && text.length > longPaste
    ? [{ text, pasted }]
    : graphemes(text).map(grapheme => ({ text: grapheme, pasted }));

export const emptyField: TextField = { cells: [], cursor: 0, cut: [] };

export const fieldOf = (text: string): TextField => {
  const cells = cellsOf(text, false);
  return { cells, cursor: cells.length, cut: [] };
};

/** A field with a text in it that typing replaces. */
export const offeredField = (text: string): TextField =>
  text === '' ? emptyField : { ...fieldOf(text), offered: true };

export const fieldText = (field: TextField): string => field.cells.map(cell => cell.text).join('');

const splice = (field: TextField, from: number, to: number, cells: readonly Cell[] = []): TextField => ({
  ...field,
  cells: [...field.cells.slice(0, from), ...cells, ...field.cells.slice(to)],
  cursor: from + cells.length,
});

const isSpace = (cell: Cell | undefined): boolean => cell !== undefined && /^\s*$/.test(cell.text);

const wordLeft = ({ cells, cursor }: TextField): number => {
  let at = cursor;
  while (at > 0 && isSpace(cells[at - 1])) at--;
  while (at > 0 && !isSpace(cells[at - 1])) at--;
  return at;
};

const wordRight = ({ cells, cursor }: TextField): number => {
  let at = cursor;
  while (at < cells.length && isSpace(cells[at])) at++;
  while (at < cells.length && !isSpace(cells[at])) at++;
  return at;
};

const cutOut = (field: TextField, from: number, to: number): TextField =>
  from === to ? field : { ...splice(field, from, to), cut: field.cells.slice(from, to) };

/** The field after a key; unchanged (the same object) where the key does nothing. */
export const editField = (field: TextField, action: FieldAction): TextField => {
  if (!field.offered) return edited(field, action);
  const { offered: _, ...own } = field;
  const replaces = action.kind === 'insert' || action.kind === 'paste';
  return edited(replaces ? { ...emptyField, cut: field.cut } : own, action);
};

const edited = (field: TextField, action: FieldAction): TextField => {
  const { cells, cursor } = field;
  const moved = (to: number): TextField => (to === cursor ? field : { ...field, cursor: to });
  switch (action.kind) {
    case 'insert':
      return splice(field, cursor, cursor, cellsOf(action.text, false));
    case 'paste':
      return splice(field, cursor, cursor, cellsOf(action.text, action.literal));
    case 'set':
      return { ...fieldOf(action.text), cut: field.cut };
    case 'left':
      return moved(Math.max(0, cursor - 1));
    case 'right':
      return moved(Math.min(cells.length, cursor + 1));
    case 'start':
      return moved(0);
    case 'end':
      return moved(cells.length);
    case 'word-left':
      return moved(wordLeft(field));
    case 'word-right':
      return moved(wordRight(field));
    case 'backspace':
      return cursor === 0 ? field : splice(field, cursor - 1, cursor);
    case 'delete':
      return cursor === cells.length ? field : splice(field, cursor, cursor + 1);
    case 'cut-word':
      return cutOut(field, wordLeft(field), cursor);
    case 'cut-to-start':
      return cutOut(field, 0, cursor);
    case 'cut-to-end':
      return cutOut(field, cursor, cells.length);
    case 'yank':
      return splice(field, cursor, cursor, field.cut);
  }
};

import type { Cell } from '../e2e/screen.ts';
import type { PaletteName } from '../e2e/screen-picture.ts';
import type { Frame } from './film-picture.ts';

export type Cells = readonly (readonly Cell[])[];

/** Neighbours of one style. `text` is a list, a text a cell, where one of them is wide or of several code units. */
type Run = { readonly text: string | readonly string[]; readonly style?: Partial<Cell> };

const plain: Cell = {
  text: ' ',
  width: 1,
  foreground: 'default',
  background: 'default',
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

const keys = Object.keys(plain) as (keyof Cell)[];

/** What of a cell's look is not the default. */
export const styleOf = (cell: Cell): Partial<Cell> =>
  Object.fromEntries(
    keys
      .filter(key => key !== 'text' && key !== 'width' && cell[key] !== plain[key])
      .map(key => [key, cell[key]]),
  );

/** The same style, the same word. */
export const styleWord = (cell: Cell): string => {
  const style = Object.entries(styleOf(cell));
  return style.map(([key, value]) => (value === true ? key : `${key} ${value}`)).join(', ');
};

const shown = (cell: Cell): string => (cell.width > 0 && cell.text === '' ? ' ' : cell.text);

/** A row's cells in runs of one style. */
export const runsOf = (row: readonly Cell[]): readonly (readonly Cell[])[] => {
  const runs: Cell[][] = [];
  for (const cell of row) {
    const last = runs.at(-1);
    if (last && styleWord(last[0]!) === styleWord(cell)) last.push(cell);
    else runs.push([cell]);
  }
  return runs;
};

export const textOf = (cells: readonly Cell[]): string => cells.map(shown).join('');

const toRun = (cells: readonly Cell[]): Run => {
  const single = cells.every(cell => cell.width === 1 && shown(cell).length === 1);
  const style = styleOf(cells[0]!);
  return {
    text: single ? textOf(cells) : cells.map(shown),
    ...(Object.keys(style).length > 0 && { style }),
  };
};

const fromRun = ({ text, style }: Run): Cell[] => {
  const texts = [...text];
  return texts.map((character, index) => ({
    ...plain,
    ...style,
    text: character,
    width: character === '' ? 0 : texts[index + 1] === '' ? 2 : 1,
  }));
};

/** The frames of a film as JSON, a row a line. */
export const encodeFrames = (frames: readonly Frame[]): string => {
  const screens = frames.map(({ cells, ...rest }) => {
    const rows = cells.map(row => JSON.stringify(runsOf(row).map(toRun)));
    return `{"says": ${JSON.stringify(rest.says)}, "seconds": ${rest.seconds}, "rows": [\n${rows.join(',\n')}\n]}`;
  });
  return `[\n${screens.join(',\n')}\n]\n`;
};

export const decodeFrames = (text: string): readonly Frame[] => {
  const frames = JSON.parse(text) as { says: string; seconds: number; rows: Run[][] }[];
  return frames.map(({ rows, ...rest }) => ({ ...rest, cells: rows.map(row => row.flatMap(fromRun)) }));
};

/** What ties a picture to its cells: the hash of its drawing, an SVG text, and that of the PNG made of it. */
export type PictureHashes = { readonly svg: string; readonly png: string };

type Kept = {
  readonly cells: Cells;
  /** By palette. */
  readonly pictures: Readonly<Partial<Record<PaletteName, PictureHashes>>>;
};

/** A screen as JSON, a row a line, so that a change reads as one. */
export const encodeCells = ({ cells, pictures }: Kept): string => {
  const rows = cells.map(row => JSON.stringify(runsOf(row).map(toRun)));
  return `{\n"pictures": ${JSON.stringify(pictures)},\n"rows": [\n${rows.join(',\n')}\n]\n}\n`;
};

export const decodeCells = (text: string): Kept => {
  const { pictures, rows } = JSON.parse(text) as { pictures: Kept['pictures']; rows: Run[][] };
  return { cells: rows.map(row => row.flatMap(fromRun)), pictures };
};

import { columnsOf, type Placed, type Rect } from './rect.ts';

/** A pane that may be folded, and the columns that its title takes, in full and in short. */
export type Title<Id> = { readonly id: Id; readonly title: number; readonly short: number };

/** Less of a title than its key, its name and how many are in trouble says too little. */
const leastColumns = 20;

type Rows<Id> = readonly (readonly Title<Id>[])[];

/** As many titles a row as there is room for. */
const filled = <Id>(titles: readonly Title<Id>[], columns: number): Rows<Id> => {
  const rows: Title<Id>[][] = [];
  let left = 0;
  for (const each of titles) {
    if (each.title > left || rows.length === 0) {
      rows.push([]);
      left = columns;
    }
    rows.at(-1)!.push(each);
    left -= each.title;
  }
  return rows;
};

const inShort = <Id>(title: Title<Id>): Title<Id> => ({ ...title, title: title.short });

/** Titles in a row as wide as they are; the last one has the rest. */
const whole = <Id>(titles: readonly Title<Id>[], row: Rect): readonly Placed<Id>[] => {
  let left = 0;
  return titles.map(({ id, title }, index) => {
    const width = index === titles.length - 1 ? row.width - left : title;
    const rect = { ...row, left, width };
    left += width;
    return { id, rect };
  });
};

const rowAt = (index: number, top: number, columns: number): Rect => ({
  left: 0,
  top: top + index,
  width: columns,
  height: 1,
});

export type Folded<Id> = {
  readonly titles: readonly Placed<Id>[];
  readonly rows: number;
  /** How many have no title for want of room: the last title ends with their number. */
  readonly unnamed: number;
};

/** All titles cut to one width; the one in focus is always among them. */
const narrowed = <Id>(
  titles: readonly Title<Id>[],
  focus: unknown,
  top: number,
  columns: number,
  most: number,
): Folded<Id> => {
  const perRow = Math.min(Math.ceil(titles.length / most), Math.floor(columns / leastColumns));
  const named = titles.slice(0, perRow * most);
  const focused = titles.find(({ id }) => id === focus);
  const shown = focused && !named.includes(focused) ? [...named.slice(0, -1), focused] : named;
  const rows = Math.ceil(shown.length / perRow);
  const placed = Array.from({ length: rows }, (_, index) => {
    const row = shown.slice(index * perRow, (index + 1) * perRow);
    const places = columnsOf(rowAt(index, top, columns), row.length);
    return row.map(({ id }, at) => ({ id, rect: places[at]! }));
  });
  return { titles: placed.flat(), rows, unnamed: titles.length - shown.length };
};

/** Titles from a row on, in as few rows as they need and at most so many. */
export const foldedTitles = <Id>(
  titles: readonly Title<Id>[],
  focus: unknown,
  top: number,
  columns: number,
  most: number,
): Folded<Id> => {
  const full = filled(titles, columns);
  const rows = full.length > most ? filled(titles.map(inShort), columns) : full;
  if (rows.length > most) return narrowed(titles, focus, top, columns, most);
  const placed = rows.flatMap((row, index) => whole(row, rowAt(index, top, columns)));
  return { titles: placed, rows: rows.length, unnamed: 0 };
};

import { marked } from '../../core/words/translate.ts';

/**
 * THE table of a zoomed pane's columns, from left to right. Their widths do not depend on what stands in them, so that they stand
 * still while digits change. `right`: digits, which end under each other. `rank`: where a screen is narrow, the lowest goes first.
 * `most`: what it may grow to where a screen is wide.
 */
export const tableColumns = {
  name: { title: marked('name'), width: 9, most: 9, right: false, rank: 9 },
  state: { title: marked('state'), width: 10, most: 10, right: false, rank: 7 },
  peer: { title: marked('peer'), width: 21, most: 40, right: false, rank: 8 },
  process: { title: marked('process'), width: 13, most: 20, right: false, rank: 0 },
  call: { title: marked('call'), width: 14, most: 30, right: false, rank: 6 },
  since: { title: marked('since'), width: 7, most: 7, right: true, rank: 5 },
  receiveQueue: { title: 'Recv-Q', width: 8, most: 8, right: true, rank: 4 },
  sendQueue: { title: 'Send-Q', width: 8, most: 8, right: true, rank: 3 },
  bytes: { title: marked('bytes'), width: 8, most: 8, right: true, rank: 2 },
  rate: { title: marked('rate'), width: 10, most: 10, right: true, rank: 1 },
} as const;

export type ColumnId = keyof typeof tableColumns;

export const columnIds = Object.keys(tableColumns) as readonly ColumnId[];

/** A column that is shown, and how wide. */
export type ShownColumn = { readonly id: ColumnId; readonly width: number };

/** Columns with one blank between each and the next. */
const widthOf = (columns: readonly ShownColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width + 1, -1);

/** Those of the columns that there is room for; what is left over goes to those that may grow, from the left. */
export const columnsIn = (width: number, without: readonly ColumnId[] = []): readonly ShownColumn[] => {
  let shown: ShownColumn[] = columnIds
    .filter(id => !without.includes(id))
    .map(id => ({ id, width: tableColumns[id].width }));
  while (shown.length > 1 && widthOf(shown) > width) {
    const least = shown.reduce((a, b) => (tableColumns[a.id].rank < tableColumns[b.id].rank ? a : b));
    shown = shown.filter(column => column !== least);
  }
  let left = width - widthOf(shown);
  return shown.map(column => {
    const more = Math.max(0, Math.min(left, tableColumns[column.id].most - column.width));
    left -= more;
    return { ...column, width: column.width + more };
  });
};

import type { ColumnId } from '../../bench/view/table-columns.ts';

/**
 * A part of the screen that answers to the mouse. Columns and rows count from 0; those of `click` from the part's own
 * corner.
 */
export type Spot = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** It lies over the panes: while one does, only that can be clicked. */
  readonly over: boolean;
  readonly click: (row: number, column: number) => void;
  /** Scrolls by so many rows, down where positive. */
  readonly wheel: (rows: number) => void;
};

/** What the screen drew last, for commands that page, scroll and point. Nothing is drawn from it, so it is no state. */
export type LastDrawn = {
  /** The rows of a page of the list that has the keys, and how many rows that list has. */
  page: number;
  lines: number;
  /** The first row of what lies on top, where that scrolls by rows. */
  top: number;
  /** The first row of the lesson. */
  labTop: number;
  /** The columns of the table that has the keys. */
  columns: readonly ColumnId[];
  /** By a name of their own. */
  readonly spots: Map<string, Spot>;
};

export const nothingDrawn = (): LastDrawn => ({
  page: 10,
  lines: 0,
  top: 0,
  labTop: 0,
  columns: ['name'],
  spots: new Map(),
});

import type { World } from '../../bench/view/store.ts';
import type { Context } from '../../commands/calling/command.ts';
import type { Frame } from '../parts/frame.ts';
import type { StyledLine } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';

/** What an overlay is drawn by, besides what it is itself. */
export type Around = { readonly context: Context; readonly world: World; readonly theme: Theme };

/** The line above the footer, lines that must stand over it, and the cursor's column in it. */
export type BottomLine = {
  readonly line: StyledLine;
  readonly above: readonly StyledLine[];
  readonly cursor: number | null;
};

/**
 * An overlay in its frame at a place on the screen, where the text cursor stands in it (columns and rows of the
 * screen), and how long its list is, for paging.
 */
export type Drawn = {
  readonly frame: Frame;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly page: number;
  readonly count: number;
  /** The first of its rows that is seen, where it scrolls by rows. */
  readonly first?: number;
  /** Which item of its list stands on each row of the frame, -1 for none; left out where there is no list. */
  readonly items?: readonly number[];
};

export type Screen = { readonly columns: number; readonly rows: number };

/** A box of at most this size in the middle, a little above it. */
export const centred = (
  screen: Screen,
  width: number,
  height: number,
): { left: number; top: number; width: number } => {
  const fits = Math.min(width, screen.columns - 2);
  return {
    left: Math.floor((screen.columns - fits) / 2),
    top: Math.max(0, Math.floor((screen.rows - height) / 3)),
    width: fits,
  };
};

/** Rows of which the first `above` have no item, and `count` have one each, from `first` on. */
export const listed = (above: number, first: number, count: number): readonly number[] =>
  Array.from({ length: above + count }, (_, row) => (row < above ? -1 : first + row - above));

/** The part of a list that shows its chosen row. */
export const listWindow = (at: number, count: number, rows: number): number =>
  Math.max(0, Math.min(at - Math.floor(rows / 2), count - rows));

import type { Title } from './folded-titles.ts';
import { columnsOf, type Placed, type Rect, rowsOf } from './rect.ts';

/** A program's pane: how many rows it holds, 0 for nothing, and the columns that its title takes while it is folded. */
export type PaneLoad<Id> = Title<Id> & { readonly holds: number };

/** From this width on a socket's row has its name, state, call and the port of its peer in one line. */
const leastColumns = 40;

/** The same of one that holds nothing yet, and tells how to begin. */
const leastEmptyColumns = 32;

/** A pane's least height, borders and three rows; and where panes stand over each other, with one row more. */
export const leastPaneRows = 5;
const leastStackedRows = 6;

/** How many of these panes stand side by side. */
const across = <Id>(panes: readonly PaneLoad<Id>[], columns: number): number => {
  const least = panes.some(({ holds }) => holds > 0) ? leastColumns : leastEmptyColumns;
  return Math.max(1, Math.floor(columns / least));
};

/**
 * Which panes are open, in their own order: of those that hold something the ones that had the focus last, then the
 * fullest. Where the focus goes from one of them to another, they are the same ones. Where no pane holds anything, each
 * tells how to begin.
 */
export const openOf = <Id>(
  panes: readonly PaneLoad<Id>[],
  visited: readonly Id[],
  area: Rect,
): readonly PaneLoad<Id>[] => {
  const holding = panes.filter(({ holds }) => holds > 0);
  const wanted = holding.length > 0 ? holding : panes;
  const since = new Map(visited.map((id, index) => [id, index]));
  const age = ({ id }: PaneLoad<Id>): number => since.get(id) ?? visited.length;
  const room = across(wanted, area.width) * Math.max(1, Math.floor(area.height / leastStackedRows));
  const chosen = wanted.toSorted((a, b) => age(a) - age(b) || b.holds - a.holds).slice(0, room);
  return panes.filter(pane => chosen.includes(pane));
};

/** Open panes side by side, in as many rows as they need; a row that has fewer gives them its whole width. */
export const gridOf = <Id>(open: readonly PaneLoad<Id>[], area: Rect): readonly Placed<Id>[] => {
  if (open.length === 0) return [];
  const rows = rowsOf(area, Math.ceil(open.length / across(open, area.width)));
  const counts = columnsOf({ left: 0, top: 0, width: open.length, height: 1 }, rows.length);
  return rows.flatMap((row, index) => {
    const { left, width } = counts[index]!;
    const places = columnsOf(row, width);
    return open.slice(left, left + width).map(({ id }, at) => ({ id, rect: places[at]! }));
  });
};

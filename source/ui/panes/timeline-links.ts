import type { DeadlockSpan } from '../../bench/view/deadlock-spans.ts';
import { columnOf, type Scale } from '../../bench/view/timeline-cells.ts';
import { humanDuration } from '../../core/language/units.ts';
import type { Entry } from '../../core/model/entry.ts';
import { charactersAt, over } from '../parts/over-line.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';

/** A moment on a thread. */
type Moment = { readonly thread: string; readonly t: number };

/** Who woke whom: the end of a call, and the end of the one that it let go on. */
export type Link = { readonly from: Moment; readonly to: Moment };

const momentOf = (entry: Entry | undefined): Moment | null =>
  entry?.kind === 'ended' ? { thread: entry.thread, t: entry.t } : null;

/** What the call with this entry woke, and what it was woken by, as far as the journal still holds them. */
export const linksOf = (entry: Entry | undefined, at: (n: number) => Entry | undefined): readonly Link[] => {
  const here = momentOf(entry);
  const cause = entry?.by ? momentOf(at(entry.by)) : null;
  const effect = entry?.wakes ? momentOf(at(entry.wakes)) : null;
  if (!here) return [];
  return [...(cause ? [{ from: cause, to: here }] : []), ...(effect ? [{ from: here, to: effect }] : [])];
};

/** A row of the timeline, and whose it is. */
export type ThreadRow = { readonly line: StyledLine; readonly thread: string };

const put = (rows: ThreadRow[], index: number, column: number, text: string): void => {
  const row = rows[index]!;
  rows[index] = { ...row, line: over(row.line, column, text, 'focus') };
};

/**
 * A link from row to row: a dot where one call ended, an arrow where that let the other go on, and a line between
 * them wherever nothing else stands.
 */
const withLink = (rows: ThreadRow[], { from, to }: Link, scale: Scale, left: number, theme: Theme): void => {
  const [first, last] = [from, to].map(({ thread }) => rows.findIndex(row => row.thread === thread)) as [
    number,
    number,
  ];
  const [begins, ends] = [columnOf(scale, from.t), columnOf(scale, to.t)];
  const isShown = (column: number) => column >= 0 && column < scale.columns;
  if (first < 0 || last < 0 || first === last || !isShown(begins) || !isShown(ends)) return;
  const { dot, down, up, across } = theme.links;
  for (let index = Math.min(first, last) + 1; index < Math.max(first, last); index++) {
    if (charactersAt(rows[index]!.line, left + ends, 1).trim() === '') put(rows, index, left + ends, across);
  }
  put(rows, first, left + begins, dot);
  put(rows, last, left + ends, first < last ? down : up);
};

/** Rows with the links drawn over them; `left`: columns before the clock. */
export const withLinks = (
  rows: readonly ThreadRow[],
  links: readonly Link[],
  scale: Scale,
  left: number,
  theme: Theme,
): readonly ThreadRow[] => {
  const drawn = [...rows];
  for (const link of links) withLink(drawn, link, scale, left, theme);
  return drawn;
};

/** The row of deadlocks on the clock, from when each ring of calls closed to when it opened; null: there was none in this time. */
export const deadlockLine = (
  spans: readonly DeadlockSpan[],
  scale: Scale,
  left: number,
  theme: Theme,
): StyledLine | null => {
  const shown = spans.filter(({ began, end }) => began < scale.to && (end ?? scale.now) >= scale.from);
  if (shown.length === 0) return null;
  const cells = Array<string>(scale.columns).fill(' ');
  for (const { began, end } of shown) {
    const until = Math.min(end ?? scale.now, scale.now);
    const [first, last] = [columnOf(scale, began), columnOf(scale, until)];
    const text = [...` ${humanDuration(until - began)} `];
    for (let column = Math.max(0, first); column <= Math.min(last, scale.columns - 1); column++) {
      const inside = text[column - Math.max(0, first) - 1];
      const fits = last - first > text.length + 1;
      cells[column] = fits && inside !== undefined ? inside : theme.timeline['='];
    }
    if (first >= 0 && first < scale.columns) cells[first] = theme.timeline['['];
    if (end !== null && last > first && last < scale.columns) cells[last] = theme.timeline[']'];
  }
  return line(
    span(' ! ', 'bad'),
    span('DEADLOCK', 'deadlock'),
    ' '.repeat(Math.max(0, left - 11)),
    span(cells.join(''), 'bad'),
  );
};

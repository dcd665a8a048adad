import type { CallState } from '../../core/model/state.ts';
import { firstFrom, type Track } from './timeline-index.ts';
import type { TimelineRow } from './timeline-rows.ts';
import type { TimelineWindow } from './timeline-window.ts';

/**
 * What a column of a row shows: `[` a call begins, `=` in the call, `]` it returned, `!` it failed, `#` several calls
 * ended, `-` from now until the deadline, `|` the deadline, `>` the deadline is further on, `.` in the queue.
 */
export type Cell = ' ' | '[' | '=' | ']' | '!' | '#' | '-' | '|' | '>' | '.';

/** A call's name goes into its bar where there is room: so many columns from `column` on. */
export type Label = {
  readonly entry: number;
  readonly column: number;
  readonly width: number;
  readonly running: boolean;
};

export type Cells = { readonly cells: readonly Cell[]; readonly labels: readonly Label[] };

/** A window of time on so many columns, and the time it is. */
export type Scale = TimelineWindow & { readonly columns: number; readonly now: number };

/** The column a time falls into; below 0 or from `columns` on: outside. */
export const columnOf = ({ from, to, columns }: Scale, t: number): number =>
  Math.floor(((t - from) * columns) / (to - from));

const timeOf = ({ from, to, columns }: Scale, column: number): number =>
  from + (column * (to - from)) / columns;

/** Columns a name needs at least, its bar's ends not counted. */
const leastLabel = 4;

const labelled = (
  labels: Label[],
  entry: number,
  first: number,
  last: number,
  begins: boolean,
  running: boolean,
): void => {
  const column = begins ? first + 1 : first;
  const width = last - column + (running ? 1 : 0);
  if (width >= leastLabel) labels.push({ entry, column, width, running });
};

/** The mark of a column in which calls ended. */
const endMark = ({ failures }: Track, first: number, next: number, alone: boolean): Cell => {
  if (failures[next]! > failures[first]!) return '!';
  if (next - first > 1) return '#';
  return alone ? '=' : ']';
};

/** Calls that have ended. A search a column, however many calls there are. */
const drawEnded = (cells: Cell[], labels: Label[], { track, count }: TimelineRow, scale: Scale): void => {
  if (!track) return;
  const { starts, ends, entries } = track;
  const firstEnd = (t: number): number => Math.min(count, firstFrom(ends, t));
  let call = firstEnd(scale.from);
  for (let column = 0; column < scale.columns && call < count; column++) {
    const end = timeOf(scale, column + 1);
    const next = firstEnd(end);
    const begun = columnOf(scale, starts[call]!);
    if (next > call) {
      cells[column] = endMark(track, call, next, begun === column);
      if (begun < column) {
        const first = Math.max(0, begun);
        labelled(labels, entries[call]!, first, column, begun >= 0, false);
      }
      call = next;
    } else if (starts[call]! < end) cells[column] = begun === column ? '[' : '=';
  }
};

/** From the start until now, then until its deadline where it has one. */
const drawRunning = (cells: Cell[], labels: Label[], call: CallState, scale: Scale): void => {
  const begun = columnOf(scale, call.startedAt ?? scale.now);
  const here = Math.min(scale.columns - 1, columnOf(scale, scale.now));
  const first = Math.max(0, begun);
  for (let column = first; column <= here; column++) if (cells[column] === ' ') cells[column] = '=';
  if (begun >= 0 && begun < scale.columns && cells[begun] === '=') cells[begun] = '[';
  labelled(labels, call.n, first, here, begun >= 0, true);
  if (call.deadline === null || columnOf(scale, scale.now) >= scale.columns) return;
  const deadline = columnOf(scale, call.deadline);
  const last = Math.min(scale.columns - 1, deadline);
  for (let column = Math.max(0, here + 1); column < last; column++) cells[column] = '-';
  if (last > here && last >= 0) cells[last] = deadline === last ? '|' : '>';
};

const blank = (columns: number): Cell[] => Array<Cell>(columns).fill(' ');

/** What a thread did and does. */
export const callCells = (row: TimelineRow, scale: Scale): Cells => {
  const cells = blank(scale.columns);
  const labels: Label[] = [];
  drawEnded(cells, labels, row, scale);
  if (row.running) drawRunning(cells, labels, row.running, scale);
  return { cells, labels };
};

const fillWait = (cells: Cell[], scale: Scale, from: number, to: number): [number, number] => {
  const first = Math.max(0, columnOf(scale, from));
  const last = Math.min(scale.columns - 1, columnOf(scale, to));
  for (let column = first; column <= last; column++) cells[column] = '.';
  return [first, last];
};

/** When calls waited for the thread. */
export const queueCells = ({ track, queued }: TimelineRow, scale: Scale): Cells => {
  const cells = blank(scale.columns);
  const labels: Label[] = [];
  const waits = track?.waitStarts.length ?? 0;
  let wait = track ? firstFrom(track.waitEnds, scale.from) : 0;
  while (track && wait < waits && track.waitStarts[wait]! < Math.min(scale.to, scale.now)) {
    const [, last] = fillWait(
      cells,
      scale,
      track.waitStarts[wait]!,
      Math.min(scale.now, track.waitEnds[wait]!),
    );
    wait = Math.max(wait + 1, firstFrom(track.waitEnds, timeOf(scale, last + 1)));
  }
  const [oldest] = queued;
  if (oldest && columnOf(scale, oldest.queuedAt) < scale.columns) {
    const [first, last] = fillWait(cells, scale, oldest.queuedAt, scale.now);
    labelled(labels, oldest.n, first, last, true, true);
  }
  return { cells, labels };
};

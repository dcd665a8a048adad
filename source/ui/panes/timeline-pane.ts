import {
  type Cell,
  type Cells,
  callCells,
  columnOf,
  type Label,
  queueCells,
  type Scale,
} from '../../bench/view/timeline-cells.ts';
import { hasQueue, type TimelineRow } from '../../bench/view/timeline-rows.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Call } from '../../core/calls/call.ts';
import { formatCall } from '../../core/language/line.ts';
import type { Entry } from '../../core/model/entry.ts';
import { moment } from '../../core/model/wait.ts';
import { t } from '../../core/words/translate.ts';
import { over } from '../parts/over-line.ts';
import { clip, cut, line, padded, type Span, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Role, Theme } from '../theme.ts';

/** Columns before the clock: cursor, alarm, the thread's name. */
export const gutter = 14;

export type TimelineContext = {
  readonly scale: Scale;
  readonly entryAt: (n: number) => Entry | undefined;
  /** The chosen row and the entry of its chosen call. */
  readonly thread: string;
  readonly entry: number;
  /** Calls of a deadlock. */
  readonly deadlocked: ReadonlySet<number>;
  readonly theme: Theme;
};

/** "c1 reader", "client": a thread in few columns. */
const rowName = (thread: string): string =>
  thread.replace(/\.r$/, ` ${t('reader')}`).replace(/\.w$/, ` ${t('writer')}`);

/** Characters of a call's arguments in its bar. */
const argumentLimit = 24;

/** A call without what its row says already: `recv 4KiB` on c1's reader, `c1.recv 4KiB` on the client's one thread. */
const callName = (call: Call, thread: string): string => {
  const { as: _, ...plain } = call;
  const text = safeText(formatCall(plain as Call, argumentLimit));
  const own = call.on !== '' && thread.replace(/\.[rw]$/, '') === call.on;
  return own ? text.slice(call.on.length + 1) : text;
};

const roles: Readonly<Record<Cell, Role>> = {
  ' ': 'plain',
  '[': 'plain',
  '=': 'plain',
  ']': 'plain',
  '!': 'bad',
  '#': 'strong',
  '-': 'dim',
  '|': 'warning',
  '>': 'warning',
  '.': 'blocked',
};

const merged = (spans: readonly Span[]): StyledLine => {
  const line: { text: string; role: Role }[] = [];
  for (const part of spans) {
    const last = line.at(-1);
    if (last && last.role === part.role) last.text += part.text;
    else line.push({ ...part });
  }
  return line;
};

const labelText = (label: Label, row: TimelineRow, entryAt: TimelineContext['entryAt']): string => {
  const entry = entryAt(label.entry);
  const call = entry && 'call' in entry ? entry.call : undefined;
  const text = call ? cut(callName(call, row.thread), label.width) : '';
  return widthOf(text) < Math.min(label.width, 4) ? '' : text;
};

/** Cells as they are drawn, with the names of calls in their bars. What runs now, from `runs` on, stands out. */
const cellLine = (
  { cells, labels }: Cells,
  row: TimelineRow,
  runs: number,
  context: TimelineContext,
): StyledLine => {
  const { theme, entryAt } = context;
  const spans: Span[] = [];
  let next = 0;
  for (let column = 0; column < cells.length; ) {
    while (next < labels.length && labels[next]!.column < column) next++;
    const label = labels[next];
    const text = label?.column === column ? labelText(label, row, entryAt) : '';
    const isRunning = column >= runs;
    if (label && text !== '') {
      const chosen = label.entry === context.entry && row.thread === context.thread;
      spans.push(span(text, chosen ? 'selected' : isRunning ? 'blocked' : 'plain'));
      column += widthOf(text);
      continue;
    }
    const cell = cells[column]!;
    spans.push(span(theme.timeline[cell], isRunning && '[='.includes(cell) ? 'blocked' : roles[cell]));
    column++;
  }
  return merged(spans);
};

/** A deadline's time stands behind it, or before the arrow that points to it. */
const withTime = (of: StyledLine, row: TimelineRow, scale: Scale): StyledLine => {
  const deadline = row.running?.deadline ?? null;
  if (deadline === null || deadline <= scale.now) return of;
  const time = moment(deadline);
  const column = columnOf(scale, deadline);
  const at = column < scale.columns ? column + 1 : scale.columns - 1 - time.length;
  const fits = at + time.length <= scale.columns && at > columnOf(scale, scale.now) + 1;
  return fits && column >= 0 ? over(of, at, time) : of;
};

/** A thread's rows: what it runs, and under that, where calls wait for it, its queue. */
export const threadLines = (row: TimelineRow, context: TimelineContext): readonly StyledLine[] => {
  const { scale, theme, deadlocked } = context;
  const chosen = row.thread === context.thread;
  const stuck = [row.running, ...row.queued].some(call => call && deadlocked.has(call.id));
  const runs = row.running ? Math.max(0, columnOf(scale, row.running.startedAt ?? scale.now)) : scale.columns;
  const head = line(
    span(chosen ? theme.cursor : ' ', 'focus'),
    span(stuck ? '!' : ' ', 'bad'),
    span(padded(clip(rowName(row.thread), gutter - 3), gutter - 2), chosen ? 'strong' : 'plain'),
  );
  const calls = line(head, withTime(cellLine(callCells(row, scale), row, runs, context), row, scale));
  if (!hasQueue(row, scale)) return [calls];
  const waiting = row.queued.length > 1 ? t`${row.queued.length} queued` : t('queue');
  const name = span(padded(`    ${waiting}`, gutter), 'dim');
  return [calls, line(name, cellLine(queueCells(row, scale), row, scale.columns, context))];
};

const steps: readonly number[] = [1, 10, 100, 1_000, 10_000, 100_000].flatMap(unit => [
  unit,
  2 * unit,
  5 * unit,
]);

/** Columns between two times on the clock, at least. */
const apart = 10;

const stepOf = ({ from, to, columns }: Scale): number => {
  const least = (apart * (to - from)) / columns;
  return steps.find(step => step >= least) ?? steps.at(-1)!;
};

const timeText = (ms: number, step: number): string => {
  const digits = step >= 1_000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  return `${(ms / 1000).toFixed(digits)}s`;
};

/** The clock over the rows: a tick where a time begins, and where now is; what now would cover in part is left out. */
export const axisLine = (scale: Scale, theme: Theme): StyledLine => {
  const cells = Array<string>(scale.columns).fill(' ');
  const here = columnOf(scale, scale.now);
  const now = here >= 0 && here < scale.columns ? clip(`v ${t('now')}`, scale.columns - here) : '';
  const step = stepOf(scale);
  for (let at = Math.ceil(scale.from / step) * step; at < scale.to; at += step) {
    const label = theme.timeline.tick + timeText(at, step);
    const column = columnOf(scale, at);
    if (now !== '' && column < here + widthOf(now) && column + label.length >= here) continue;
    for (const [index, character] of [...label].entries()) {
      if (column + index < scale.columns) cells[column + index] = character;
    }
  }
  if (now === '') return line(' '.repeat(gutter), span(cells.join(''), 'dim'));
  const before = span(cells.slice(0, here).join(''), 'dim');
  const after = span(cells.slice(here + widthOf(now)).join(''), 'dim');
  return line(' '.repeat(gutter), before, span(now, 'strong'), after);
};

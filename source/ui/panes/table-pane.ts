import { otherName } from '../../bench/view/selectors-peers.ts';
import { alarming, conditionOf, keptWords, severity } from '../../bench/view/selectors-sockets.ts';
import { type ColumnId, type ShownColumn, tableColumns } from '../../bench/view/table-columns.ts';
import type { TableFacts } from '../../bench/view/table-facts.ts';
import type { TableSort } from '../../bench/view/view.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { humanDuration } from '../../core/language/units.ts';
import type { CallState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import { cut, line, padded, type Span, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { callTitle, cellPlaces, fittedName } from './short-forms.ts';
import { ends, type RowContext } from './socket-rows.ts';
import { markRole, waitRole } from './trouble-roles.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes in at most eight columns: `1023 B`, `32.0 KiB`, `512 MiB`. */
export const cellSize = (bytes: number): string => {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.floor(value) : (Math.floor(value * 10) / 10).toFixed(1)} ${units[unit]}`;
};

/** A cell's text at its side of the column. */
const cell = (text: string, { id, width }: ShownColumn, { ellipsis }: Theme): string => {
  const fits = widthOf(text) <= width ? text : `${cut(text, width - widthOf(ellipsis))}${ellipsis}`;
  return tableColumns[id].right ? ' '.repeat(width - widthOf(fits)) + fits : padded(fits, width);
};

/** The name of each column, the sorted one with the way it is sorted. */
export const tableHeader = (
  columns: readonly ShownColumn[],
  sort: TableSort | null,
  theme: Theme,
): StyledLine => {
  const by = sort?.column ?? 'name';
  const heads = columns.map((column): Span => {
    const lead = column.id === 'name' ? '  ' : '';
    const title = t(tableColumns[column.id].title);
    if (column.id !== by) return span(cell(`${lead}${title}`, column, theme), 'dim');
    const mark = sort?.reverse ? theme.falling : theme.rising;
    return span(cell(`${lead}${title}${mark}`, column, theme), 'title');
  });
  return inColumns(heads);
};

const inColumns = (cells: readonly (Span | StyledLine)[]): StyledLine =>
  line(...cells.flatMap((each, index) => (index === 0 ? [each] : [' ', each])));

const since = (call: CallState, now: number): string =>
  humanDuration(Math.max(0, now - (call.startedAt ?? call.queuedAt)));

const callCell = ({ call, socket }: TableFacts, column: ShownColumn, context: RowContext): Span => {
  const { theme, bench } = context;
  if (!call) return span(cell(keptWords(bench, socket) || ends(socket), column, theme), 'dim');
  const lead = call.startedAt === null ? `${t('queued')} ` : '';
  const title = `${lead}${callTitle(call.call, column.width - widthOf(lead), theme)}`;
  return span(
    cell(title, column, theme),
    call.looped || call.startedAt === null ? 'dim' : waitRole(bench, call),
  );
};

const processCell = ({ process }: TableFacts, { width }: ShownColumn, theme: Theme): string => {
  if (!process) return '';
  const pid = ` ${process.pid}`;
  return `${fittedName(safeText(process.name), width - pid.length, theme)}${pid}`;
};

const nameCell = (
  { socket }: TableFacts,
  { width }: ShownColumn,
  selected: boolean,
  { bench, theme }: RowContext,
): StyledLine => {
  const level = severity(bench, socket);
  const mark = alarming(level) ? span('!', markRole(bench, socket)) : ' ';
  const name = fittedName(socket.name, width - 2, theme);
  return line(
    span(selected ? theme.cursor : ' ', 'focus'),
    mark,
    span(name, selected ? 'selected' : 'strong'),
    ' '.repeat(width - 2 - widthOf(name)),
  );
};

/** A form of the address that fits: its port is never cut. */
const peerCell = ({ socket }: TableFacts, { width }: ShownColumn, { bench, theme }: RowContext): string => {
  const forms = cellPlaces(socket, otherName(bench, socket), theme);
  return forms.find(form => widthOf(form) <= width) ?? forms.at(-1)!;
};

const size = (bytes: number | null): string => (bytes === null ? '' : cellSize(bytes));

/** What stands in a cell that is text alone. */
const texts: Readonly<
  Record<
    Exclude<ColumnId, 'name' | 'call'>,
    (facts: TableFacts, column: ShownColumn, context: RowContext) => string
  >
> = {
  state: ({ socket }) => conditionOf(socket),
  peer: peerCell,
  process: (facts, column, { theme }) => processCell(facts, column, theme),
  since: ({ call }, _, { now }) => (call ? since(call, now) : ''),
  receiveQueue: ({ socket, receiveQueue }) =>
    socket.condition === 'LISTEN' ? t`${receiveQueue ?? 0} wait` : size(receiveQueue),
  sendQueue: ({ socket, sendQueue }) => (socket.condition === 'LISTEN' ? '' : size(sendQueue)),
  bytes: ({ socket, bytes }) => (socket.condition === 'LISTEN' ? '' : size(bytes)),
  rate: ({ socket, rate }) => (rate === null || socket.condition === 'LISTEN' ? '' : `${cellSize(rate)}/s`),
};

/** A socket as a row of the table. */
export const tableRow = (
  facts: TableFacts,
  columns: readonly ShownColumn[],
  selected: boolean,
  context: RowContext,
): StyledLine => {
  const { call, socket } = facts;
  const waits = call !== null && call.startedAt !== null && !call.looped;
  const cells = columns.map((column): Span | StyledLine => {
    const { id } = column;
    if (id === 'name') return nameCell(facts, column, selected, context);
    if (id === 'call') return callCell(facts, column, context);
    const text = cell(texts[id](facts, column, context), column, context.theme);
    if (id === 'since') return span(text, waits ? waitRole(context.bench, call) : 'dim');
    if (id === 'state' && socket.condition === 'RESET') return span(text, 'bad');
    // What is nothing steps back, so that what is there is seen.
    return span(text, tableColumns[id].right && text.trim().startsWith('0 ') ? 'dim' : 'plain');
  });
  return inColumns(cells);
};

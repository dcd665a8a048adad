import type { Rates } from '../../bench/view/rates.ts';
import {
  callsOn,
  isCutOff,
  lingeringOf,
  orderedSockets,
  tellingCall,
} from '../../bench/view/selectors-sockets.ts';
import type { ShownColumn } from '../../bench/view/table-columns.ts';
import { factsOf } from '../../bench/view/table-facts.ts';
import type { ProgramView } from '../../bench/view/view.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import { memoOf } from '../../core/model/memo.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { line, type StyledLine } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import { edgeLine, scrolled } from './edge-news.ts';
import { lingeringLines } from './lingering-rows.ts';
import { processLines } from './process-rows.ts';
import { socketCount } from './socket-count.ts';
import { type Detail, type RowContext, socketLines } from './socket-rows.ts';
import { tableHeader, tableRow } from './table-pane.ts';

/** A row, and the socket it is about; '' for none. */
export type Row = { readonly line: StyledLine; readonly socket: string };

/** `folded`: not every socket is shown, but those from `first` on. */
export type ProgramRows = { readonly rows: readonly Row[]; readonly folded: boolean; readonly first: number };

/** What a socket counts as in the summary: reset, blocked in a call, waiting for its thread, or nothing called. */
const situation = (bench: BenchState, socket: SocketState): string => {
  if (socket.condition === 'RESET') return 'reset';
  if (isCutOff(socket)) return 'cut';
  const calls = callsOn(bench, socket.name);
  const running = tellingCall(calls.filter(call => call.startedAt !== null && call.inside === 0));
  if (running) return `in ${running.call.name}`;
  if (calls.length > 0) return 'queued';
  return socket.condition === 'LISTEN' ? 'listening' : 'idle';
};

/** So many sockets of one situation; `blocked`: it is said that those in a call are. */
const countedWords = (what: string, count: number, blocked: boolean): string => {
  const call = what.slice('in '.length);
  if (what.startsWith('in ')) return blocked ? t`${count} blocked in ${call}` : t`${count} in ${call}`;
  switch (what) {
    case 'reset':
      return t`${count} reset`;
    case 'cut':
      return t`${count} cut off`;
    case 'queued':
      return t`${count} queued`;
    case 'listening':
      return t`${count} listening`;
    default:
      return t`${count} with nothing called`;
  }
};

const totalWords = (count: number, connected: boolean): string => {
  if (!connected) return socketCount(count);
  return count === 1 ? t('1 connection') : t`${count} connections`;
};

/** How many sockets are in each situation, and whether all of them are connections. */
const situations = memoOf((bench: BenchState, sockets: readonly SocketState[]) => {
  const counts = new Map<string, number>();
  for (const socket of sockets) {
    const what = situation(bench, socket);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return { counts, connected: sockets.every(socket => socket.peer !== null && shakesHands(socket)) };
});

/** "50 connections: 3 blocked in send, 46 in recv, 1 reset". */
export const summary = (bench: BenchState, sockets: readonly SocketState[]): string => {
  const { counts, connected } = situations(bench, sockets);
  const order = [...counts].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x);
  let said = false;
  const parts = order.map(([what, count]) => {
    const blocked = what.startsWith('in ') && !said;
    if (blocked) said = true;
    return countedWords(what, count, blocked);
  });
  return t`${totalWords(sockets.length, connected)}: ${parts.join(t(', '))}`;
};

/** Senders first: there a person must act. */
const rank = (what: string): number => {
  if (/^in (send|connect|flush)/.test(what)) return 0;
  if (what.startsWith('in ')) return 1;
  return what === 'reset' || what === 'cut' ? 2 : 3;
};

const details: readonly Detail[] = ['full', 'short', 'line'];

const rowsOf = (socket: SocketState, view: ProgramView, detail: Detail, context: RowContext): Row[] =>
  socketLines(socket, socket.name === view.selected, detail, context).map(each => ({
    line: each,
    socket: socket.name,
  }));

const bare = (each: StyledLine): Row => ({ line: each, socket: '' });

const folded = (
  sockets: readonly SocketState[],
  view: ProgramView,
  rows: number,
  top: number,
  context: RowContext,
): ProgramRows => {
  const said = wrap(summary(context.bench, sockets), context.width - 1, 'strong');
  const head = said.slice(0, rows > 8 ? 2 : 1).map(part => bare(line(' ', part)));
  const room = rows - head.length - 1;
  const selected = sockets.findIndex(socket => socket.name === view.selected);
  const first = scrolled(top, selected, sockets.length, room);
  const shown = sockets.slice(first, first + room);
  const foot = bare(edgeLine(context.bench, sockets, first, room));
  return {
    rows: [...head, ...shown.flatMap(socket => rowsOf(socket, view, 'line', context)), foot],
    folded: true,
    first,
  };
};

/** The rows of a program's open sockets, with as much of each as there is room for: all in full, or folded. */
const openRows = (
  program: ActorId,
  view: ProgramView,
  room: number,
  top: number,
  context: RowContext,
): ProgramRows => {
  const sockets = orderedSockets(context.bench, program);
  const tried = sockets.length > room ? [] : details;
  for (const detail of tried) {
    const rows = sockets.flatMap(socket => rowsOf(socket, view, detail, context));
    if (rows.length <= room) return { rows, folded: false, first: 0 };
  }
  return folded(sockets, view, room, top, context);
};

/** A process's rows: its sockets, and as many of its other lines as there is room for. */
const withProcess = (open: ProgramRows, actor: ProcessId, room: number, context: RowContext): ProgramRows => {
  const more = processLines(context.bench, actor, context);
  return { ...open, rows: [...open.rows, ...more.slice(0, Math.max(0, room - open.rows.length)).map(bare)] };
};

/** What the kernel keeps of closed sockets, where there is room: each stands where it was, among the open ones. */
const withLingering = (
  open: ProgramRows,
  program: ActorId,
  room: number,
  context: RowContext,
): ProgramRows => {
  const left = lingeringOf(context.bench, program);
  if (left.length === 0) return open;
  const { kept, rest } = lingeringLines(left, room - open.rows.length, context);
  const born = new Map([...context.bench.sockets.keys()].map((name, index) => [name, index]));
  const place = (socket: string): number => born.get(socket) ?? 0;
  const rows = [...open.rows];
  for (const { socket, line } of kept.toSorted((a, b) => place(a.socket) - place(b.socket))) {
    const after = rows.findLastIndex(row => place(row.socket) <= place(socket));
    rows.splice(after + 1, 0, bare(line));
  }
  return { ...open, rows: [...rows, ...(rest ? [bare(rest)] : [])] };
};

/** The rows of a zoomed pane: a table with a row a socket, of which those that are seen alone are made. */
export const tableRows = (
  actor: ActorId,
  sockets: readonly SocketState[],
  view: ProgramView,
  columns: readonly ShownColumn[],
  rates: Pick<Rates, 'of'>,
  room: number,
  top: number,
  context: RowContext,
): ProgramRows => {
  const { bench, theme } = context;
  const head = bare(tableHeader(columns, view.sort, theme));
  const isFolded = sockets.length > room - 1;
  const page = isFolded ? room - 2 : room - 1;
  const selected = sockets.findIndex(({ name }) => name === view.selected);
  const first = scrolled(top, selected, sockets.length, page);
  const rows = sockets.slice(first, first + page).map(socket => ({
    line: tableRow(factsOf(bench, actor, socket, rates), columns, socket.name === view.selected, context),
    socket: socket.name,
  }));
  const foot = isFolded ? [bare(edgeLine(bench, sockets, first, page))] : [];
  const open = { rows: [head, ...rows, ...foot], folded: isFolded, first };
  if (!isProgram(actor)) return withProcess(open, actor, room, context);
  return view.sort ? open : withLingering(open, actor, room, context);
};

/** A program's rows: its open sockets, and what the kernel keeps of closed ones. `top`: the first that was shown before. */
export const programRows = (
  program: ActorId,
  view: ProgramView,
  room: number,
  top: number,
  context: RowContext,
): ProgramRows => {
  const own = isProgram(program) ? context : { ...context, actor: program };
  const open = openRows(program, view, room, top, own);
  return isProgram(program)
    ? withLingering(open, program, room, context)
    : withProcess(open, program, room, context);
};

import { callsOn, isCutOff, lingeringOf, orderedSockets } from '../../bench/view/selectors-sockets.ts';
import type { ProgramView } from '../../bench/view/view.ts';
import { plural } from '../../core/language/units.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import { lingeringLines } from './lingering-rows.ts';
import { processLines } from './process-rows.ts';
import { type Detail, type RowContext, socketLines, tellingCall } from './socket-rows.ts';

/** A row, and the socket it is about; '' for none. */
export type Row = { readonly line: StyledLine; readonly socket: string };

/** `folded`: not every socket is shown. */
export type ProgramRows = { readonly rows: readonly Row[]; readonly folded: boolean };

/** What a socket counts as in the summary: reset, blocked in a call, waiting for its thread, or nothing called. */
const situation = (bench: BenchState, socket: SocketState): string => {
  if (socket.condition === 'RESET') return 'reset';
  if (isCutOff(socket)) return 'cut off';
  const calls = callsOn(bench, socket.name);
  const running = tellingCall(calls.filter(call => call.startedAt !== null && call.inside === 0));
  if (running) return `in ${running.call.name}`;
  if (calls.length > 0) return 'queued';
  return socket.condition === 'LISTEN' ? 'listening' : 'with nothing called';
};

/** "50 connections: 3 blocked in send, 46 in recv, 1 reset". */
export const summary = (bench: BenchState, sockets: readonly SocketState[]): string => {
  const counts = new Map<string, number>();
  for (const socket of sockets) {
    const what = situation(bench, socket);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const order = [...counts].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x);
  let said = false;
  const parts = order.map(([what, count]) => {
    const blocked = what.startsWith('in ') && !said;
    if (blocked) said = true;
    return `${count} ${blocked ? 'blocked ' : ''}${what}`;
  });
  const connected = sockets.every(socket => socket.peer !== null && shakesHands(socket));
  return `${plural(sockets.length, connected ? 'connection' : 'socket')}: ${parts.join(', ')}`;
};

/** Senders first: there a person must act. */
const rank = (what: string): number => {
  if (/^in (send|connect|flush)/.test(what)) return 0;
  if (what.startsWith('in ')) return 1;
  return what === 'reset' || what === 'cut off' ? 2 : 3;
};

const details: readonly Detail[] = ['full', 'short', 'line'];

/** The first row shown so that the selected one is among `rows`. */
const firstRow = (selected: number, count: number, rows: number): number =>
  Math.max(0, Math.min(count - rows, selected - rows + 1));

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
  context: RowContext,
): ProgramRows => {
  const said = wrap(summary(context.bench, sockets), context.width - 1, 'strong');
  const head = said.slice(0, rows > 8 ? 2 : 1).map(part => bare(line(' ', part)));
  const room = rows - head.length - 1;
  const selected = sockets.findIndex(socket => socket.name === view.selected);
  const first = firstRow(selected, sockets.length, room);
  const shown = sockets.slice(first, first + room);
  const rest = sockets.length - first - shown.length;
  const above = first > 0 ? `${first} above` : '';
  const below = rest > 0 ? `${rest} more below` : '';
  const foot = bare(line(span(`   ${[above, below].filter(Boolean).join(', ')}`, 'dim')));
  return {
    rows: [...head, ...shown.flatMap(socket => rowsOf(socket, view, 'line', context)), foot],
    folded: true,
  };
};

/** The rows of a program's open sockets, with as much of each as there is room for: all in full, or folded. */
const openRows = (program: ActorId, view: ProgramView, room: number, context: RowContext): ProgramRows => {
  const sockets = orderedSockets(context.bench, program, view);
  if (sockets.length === 0) return { rows: [], folded: false };
  const tried = sockets.length > room ? [] : details;
  for (const detail of tried) {
    const rows = sockets.flatMap(socket => rowsOf(socket, view, detail, context));
    if (rows.length <= room) return { rows, folded: false };
  }
  return folded(sockets, view, room, context);
};

/** A process's rows: its sockets, and as many of its other lines as there is room for. */
const withProcess = (open: ProgramRows, actor: ProcessId, room: number, context: RowContext): ProgramRows => {
  const more = processLines(context.bench, actor, context);
  return { ...open, rows: [...open.rows, ...more.slice(0, Math.max(0, room - open.rows.length)).map(bare)] };
};

/** A program's rows: its open sockets, and below them, where there is room, what the kernel keeps of closed ones. */
export const programRows = (
  program: ActorId,
  view: ProgramView,
  room: number,
  context: RowContext,
): ProgramRows => {
  const open = openRows(program, view, room, isProgram(program) ? context : { ...context, actor: program });
  if (!isProgram(program)) return withProcess(open, program, room, context);
  const left = lingeringOf(context.bench, program);
  const lines = lingeringLines(left, room - open.rows.length, context);
  return { ...open, rows: [...open.rows, ...lines.map(bare)] };
};

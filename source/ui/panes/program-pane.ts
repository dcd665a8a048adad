import { callsOn, orderedSockets, socketsOf } from '../../bench/selectors-sockets.ts';
import type { ProgramView } from '../../bench/view.ts';
import type { Program } from '../../core/names.ts';
import type { BenchState, SocketState } from '../../core/state.ts';
import { type Line, line, span, wrap } from '../parts/line.ts';
import { type Detail, type RowContext, socketLines } from './socket-rows.ts';

type ProgramRows = { readonly lines: readonly Line[]; readonly count: number };

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What a socket counts as in the summary: reset, blocked in a call, waiting for its thread, or nothing called. */
const situation = (bench: BenchState, socket: SocketState): string => {
  if (socket.condition === 'RESET') return 'reset';
  const calls = callsOn(bench, socket.name);
  const running = calls.find(call => call.startedAt !== null && call.inside === 0);
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
  const connected = sockets.every(socket => socket.peer !== null && socket.type === 'SOCK_STREAM');
  return `${plural(sockets.length, connected ? 'connection' : 'socket')}: ${parts.join(', ')}`;
};

/** Senders first: there a person must act. */
const rank = (what: string): number => {
  if (/^in (send|connect|flush)/.test(what)) return 0;
  if (what.startsWith('in ')) return 1;
  return what === 'reset' ? 2 : 3;
};

const details: readonly Detail[] = ['full', 'short', 'line'];

/** The first row shown so that the selected one is among `rows`. */
const firstRow = (selected: number, count: number, rows: number): number =>
  Math.max(0, Math.min(count - rows, selected - rows + 1));

const folded = (
  sockets: readonly SocketState[],
  selected: string,
  rows: number,
  context: RowContext,
): readonly Line[] => {
  const said = wrap(summary(context.bench, sockets), context.width - 1, 'strong');
  const head = said.slice(0, rows > 8 ? 2 : 1).map(part => line(' ', part));
  const room = rows - head.length - 1;
  const first = firstRow(
    sockets.findIndex(socket => socket.name === selected),
    sockets.length,
    room,
  );
  const shown = sockets.slice(first, first + room);
  const rest = sockets.length - first - shown.length;
  const above = first > 0 ? `${first} above` : '';
  const below = rest > 0 ? `${rest} more below` : '';
  const foot = line(span(`   ${[above, below].filter(Boolean).join(', ')}`, 'dim'));
  return [
    ...head,
    ...shown.flatMap(socket => socketLines(socket, socket.name === selected, 'line', context)),
    foot,
  ];
};

/** The rows of a program's sockets, with as much of each as there is room for: all in full, or folded. */
export const programRows = (
  program: Program,
  view: ProgramView,
  rows: number,
  context: RowContext,
): ProgramRows => {
  const { bench } = context;
  const open = socketsOf(bench, program);
  if (open.length > rows) {
    const sockets = orderedSockets(bench, program, view);
    return { lines: folded(sockets, view.selected, rows, context), count: open.length };
  }
  const sockets = orderedSockets(bench, program, view);
  for (const detail of details) {
    const lines = sockets.flatMap(socket =>
      socketLines(socket, socket.name === view.selected, detail, context),
    );
    if (lines.length <= rows) return { lines, count: open.length };
  }
  return { lines: folded(sockets, view.selected, rows, context), count: open.length };
};

import type { Program } from '../core/names.ts';
import type { BenchState, CallState, SocketState } from '../core/state.ts';
import type { World } from './store.ts';
import { type ProgramView, shownBench } from './view.ts';

const cached = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const known = new WeakMap<K, V>();
  return key => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
};

const bySocket = cached((bench: BenchState): ReadonlyMap<string, readonly CallState[]> => {
  const groups = new Map<string, CallState[]>();
  for (const call of bench.calls.values()) {
    const on = bench.files.get(call.call.on)?.socket ?? call.call.on;
    const group = groups.get(on);
    if (group) group.push(call);
    else groups.set(on, [call]);
  }
  return groups;
});

const none: readonly CallState[] = [];

/** Calls that have not ended on a socket, its file objects' among them, oldest first. */
export const callsOn = (bench: BenchState, socket: string): readonly CallState[] =>
  bySocket(bench).get(socket) ?? none;

const openSockets = cached((bench: BenchState): Readonly<Record<Program, readonly SocketState[]>> => {
  const open: Record<Program, SocketState[]> = { client: [], 'tcp-server': [], 'udp-server': [] };
  for (const socket of bench.sockets.values()) if (!socket.closed) open[socket.program].push(socket);
  return open;
});

/** A program's sockets that are not closed, oldest first. */
export const socketsOf = (bench: BenchState, program: Program): readonly SocketState[] =>
  openSockets(bench)[program];

/** Connections that wait in a listener's accept queue, and who counted them; null where nobody can tell. */
export const waitingOn = (
  bench: BenchState,
  listener: SocketState,
): { readonly count: number; readonly source: 'kernel' | 'bench' } | null => {
  if (listener.condition !== 'LISTEN') return null;
  if (listener.kernel) return { count: listener.kernel.rcvQ, source: 'kernel' };
  let count = 0;
  for (const socket of bench.sockets.values()) {
    if (socket.closed || socket.twin !== '' || socket.condition !== 'ESTAB' || !socket.peer) continue;
    if (socket.peer.port === listener.local?.port && socket.type === 'SOCK_STREAM') count++;
  }
  return { count, source: 'bench' };
};

/**
 * How much a row wants to be seen: 5 in a finding, 4 reset, 3 a blocked connect or send, 2 blocked with a deadline
 * or clients nobody accepts, 1 blocked, 0 nothing called.
 */
export const severity = (bench: BenchState, socket: SocketState): number => {
  for (const finding of bench.findings.values()) if (finding.sockets.includes(socket.name)) return 5;
  if (socket.condition === 'RESET') return 4;
  let worst = 0;
  for (const { call, startedAt, deadline } of callsOn(bench, socket.name)) {
    if (startedAt === null) worst = Math.max(worst, 2);
    else if (/^(connect|send|sendall|sendto|flush)$/.test(call.name)) worst = 3;
    else worst = Math.max(worst, deadline === null ? 1 : 2);
  }
  if (worst === 0 && (waitingOn(bench, socket)?.count ?? 0) > 0) return 2;
  return worst;
};

/** A mark of `!` in front of a row: something a person would want to know of. */
export const alarming = (level: number): boolean => level >= 2;

/**
 * Rows of a pane: worst first, then oldest first. While a row is selected the rows stand still in the order they
 * had then; newer sockets come after them.
 */
export const orderedSockets = (
  bench: BenchState,
  program: Program,
  view: ProgramView,
): readonly SocketState[] => {
  const open = socketsOf(bench, program);
  if (view.selected === '') {
    const levels = new Map(open.map(socket => [socket.name, severity(bench, socket)]));
    return [...open].sort((a, b) => levels.get(b.name)! - levels.get(a.name)!);
  }
  const place = new Map(view.order.map((name, index) => [name, index]));
  const rank = (socket: SocketState): number => place.get(socket.name) ?? view.order.length;
  return [...open].sort((a, b) => rank(a) - rank(b));
};

/** The socket whose details are open: the selected one, else the newest open one. */
export const currentSocket = (world: World, program: Program): SocketState | undefined => {
  const bench = shownBench(world);
  const { selected } = world.view.programs[program];
  const chosen = selected === '' ? undefined : bench.sockets.get(selected);
  if (chosen && !chosen.closed) return chosen;
  return socketsOf(bench, program).at(-1);
};

/** A connected socket at whose other end stands no socket of this bench. */
export const isForeign = (socket: SocketState): boolean =>
  !socket.closed &&
  socket.type === 'SOCK_STREAM' &&
  socket.peer !== null &&
  socket.twin === '' &&
  ['ESTAB', 'CLOSE-WAIT', 'FIN-WAIT'].includes(socket.condition);

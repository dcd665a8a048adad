import { boundAt, leadsTo } from '../../core/addresses/twins.ts';
import { calls } from '../../core/calls/calls.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import { findingCalls, isDeadlock } from '../../core/model/finding.ts';
import { memo, memoOf } from '../../core/model/memo.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { subjectOf } from '../../core/waits/wait-ground.ts';
import { t } from '../../core/words/translate.ts';
import type { World } from './store.ts';
import { rowsIn, shownBench } from './view.ts';

/** The sockets that a call is about: its own, or all that a poll waits for. */
export const socketsAbout = (bench: BenchState, call: CallState): readonly string[] =>
  call.call.name === 'poll' ? [...new Set(call.call.wants.map(({ on }) => on))] : [subjectOf(bench, call)];

const bySocket = memo((bench: BenchState): ReadonlyMap<string, readonly CallState[]> => {
  const groups = new Map<string, CallState[]>();
  for (const call of bench.calls.values()) {
    for (const on of socketsAbout(bench, call)) {
      const group = groups.get(on);
      if (group) group.push(call);
      else groups.set(on, [call]);
    }
  }
  return groups;
});

const none: readonly CallState[] = [];

/** Calls that have not ended on a socket, its file objects' among them, oldest first. */
export const callsOn = (bench: BenchState, socket: string): readonly CallState[] =>
  bySocket(bench).get(socket) ?? none;

/** The call that one line tells of: a person's, which somebody waits for, before a loop's. */
export const tellingCall = (of: readonly CallState[]): CallState | undefined =>
  of.findLast(call => !call.looped) ?? of[0];

/** The number that the next message of a socket has: those that the kernel took, and those on their way to it, are before it. */
export const nextMessage = (bench: BenchState, socket: string): number =>
  (bench.sockets.get(socket)?.sends ?? 0) +
  callsOn(bench, socket).filter(({ call }) => call.on === socket && 'data' in call).length +
  1;

/** Why a socket is there although close was called, '' where it was not. A file object that is open comes before a call inside. */
export const keptWords = (bench: BenchState, { name, closing }: SocketState): string => {
  if (!closing) return '';
  for (const file of bench.files.values()) {
    if (file.socket === name && !file.closed) return t`closed, and open until ${file.name} is closed too`;
  }
  const inside = callsOn(bench, name).find(({ startedAt }) => startedAt !== null);
  return inside ? t`closed, the kernel keeps it while ${inside.call.name} is inside` : t('closed');
};

type ByActor = ReadonlyMap<ActorId, readonly SocketState[]>;

const noSockets: readonly SocketState[] = [];

/** Whose a socket is: all that have it open, of which the bench tells for none of its own. */
const ownersOf = ({ actor, holders }: SocketState): readonly ActorId[] =>
  holders.length === 0 ? [actor] : [...new Set(holders.map(holder => holder.actor))];

const openSockets = memo((bench: BenchState): ByActor => {
  const groups = new Map<ActorId, SocketState[]>();
  for (const socket of bench.sockets.values()) {
    if (socket.closed) continue;
    for (const actor of ownersOf(socket)) {
      const group = groups.get(actor);
      if (group) group.push(socket);
      else groups.set(actor, [socket]);
    }
  }
  return groups;
});

/** Sockets that an actor has open, oldest first. */
export const socketsOf = (bench: BenchState, actor: ActorId): readonly SocketState[] =>
  openSockets(bench).get(actor) ?? noSockets;

const lingering = memo((bench: BenchState): ByActor => {
  const left: SocketState[] = [];
  for (const name of bench.graveyard) {
    const socket = bench.sockets.get(name);
    if (socket?.lingers && socket.kernel) left.push(socket);
  }
  return Map.groupBy(left, ({ actor }) => actor);
});

/** An actor's closed sockets that the kernel still keeps, by its own word, in the order they were closed. */
export const lingeringOf = (bench: BenchState, actor: ActorId): readonly SocketState[] =>
  lingering(bench).get(actor) ?? noSockets;

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
    if (leadsTo(socket.peer, listener.local) && shakesHands(socket)) count++;
  }
  return { count, source: 'bench' };
};

const foundOn = memo(
  (bench: BenchState): ReadonlySet<string> =>
    new Set([...bench.findings.values()].flatMap(({ sockets }) => sockets)),
);

/** The kernel has ended the connection before both ends had said that they were done. */
export const isCutOff = ({ condition, kernel, eof, shut, closed }: SocketState): boolean =>
  kernel?.state === 'CLOSE' && condition !== 'RESET' && !closed && !(eof && shut);

/** Calls that wait for each other, and the sockets that they are on. */
export const deadlocked = memo(
  (bench: BenchState): { readonly calls: ReadonlySet<number>; readonly sockets: ReadonlySet<string> } => {
    const found = [...bench.findings.values()].filter(isDeadlock);
    return {
      calls: new Set(found.flatMap(finding => findingCalls(finding))),
      sockets: new Set(found.flatMap(({ sockets }) => sockets)),
    };
  },
);

/**
 * How much a row wants to be seen: 5 in a finding, 4 reset or cut off, 3 a blocked connect or send, 2 blocked with a deadline
 * or clients nobody accepts, 1 blocked, 0 nothing called. A wait for several has an end as a matter of course: an event loop's tick.
 */
export const severity = (bench: BenchState, socket: SocketState): number => {
  if (foundOn(bench).has(socket.name)) return 5;
  if (socket.condition === 'RESET' || isCutOff(socket)) return 4;
  let worst = 0;
  for (const { call, startedAt, deadline } of callsOn(bench, socket.name)) {
    const { waits } = calls[call.name];
    const isTick = call.name === 'poll';
    if (startedAt === null) worst = Math.max(worst, 2);
    else if (waits === 'handshake' || waits === 'room') worst = 3;
    else worst = Math.max(worst, deadline === null || isTick ? 1 : 2);
  }
  if (worst === 0 && (waitingOn(bench, socket)?.count ?? 0) > 0) return 2;
  return worst;
};

/** A mark of `!` in front of a row: something a person would want to know of. */
export const alarming = (level: number): boolean => level >= 2;

/** Rows of a pane: listeners, then the others, in the order in which they came to be. Trouble is marked, it moves no row. */
export const orderedSockets = memoOf((bench: BenchState, actor: ActorId): readonly SocketState[] => {
  const open = socketsOf(bench, actor);
  const listens = ({ condition }: SocketState): boolean => condition === 'LISTEN';
  return [...open.filter(listens), ...open.filter(socket => !listens(socket))];
});

/** The socket whose details are open: the selected one, else the newest open one. */
export const currentSocket = (world: World, program: ActorId): SocketState | undefined => {
  const bench = shownBench(world);
  const { selected } = rowsIn(world.view, program);
  const chosen = selected === '' ? undefined : bench.sockets.get(selected);
  if (chosen && !chosen.closed) return chosen;
  return socketsOf(bench, program).at(-1);
};

const isOwn = (bench: BenchState, name: string | undefined): boolean => {
  const socket = bench.sockets.get(name ?? '');
  return socket !== undefined && isProgram(socket.actor);
};

/** Whether a socket's peer is outside: no socket of this bench, nor a listener of it that has yet to accept. */
export const hasForeignPeer = (bench: BenchState, socket: SocketState): boolean =>
  socket.peer !== null &&
  !isOwn(bench, socket.twin === '' ? boundAt(bench.pairs, socket, socket.peer, socket.local) : socket.twin);

/** Open connections of a bench whose other end is outside. */
export const foreignConnections = memo((bench: BenchState): readonly SocketState[] =>
  [...bench.sockets.values()].filter(
    socket =>
      !socket.closed &&
      isProgram(socket.actor) &&
      shakesHands(socket) &&
      ['ESTAB', 'CLOSE-WAIT', 'FIN-WAIT'].includes(socket.condition) &&
      hasForeignPeer(bench, socket),
  ),
);

const finWait: ReadonlySet<string> = new Set(['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'TIME-WAIT']);

/** Where a socket stands; between the two FINs the kernel says how far they have come, and when it was over. */
export const conditionOf = ({ condition, kernel }: SocketState): string => {
  if (kernel?.state === 'CLOSE' && condition !== 'RESET') return 'CLOSED';
  return condition === 'FIN-WAIT' && kernel && finWait.has(kernel.state) ? kernel.state : condition;
};

import { formatEndpoint } from './address.ts';
import type { Deadlock } from './deadlock.ts';
import { safeText } from './payload.ts';
import type { BenchState, CallState, SocketState } from './state.ts';
import { humanSize } from './units.ts';
import { callLabel, moment } from './wait.ts';
import { isReceive, isSend, subjectOf } from './wait-ground.ts';
import { waitsOf } from './waits.ts';

/** `DEADLOCK`, or `DEADLOCK until 14.3s (c1 timeout)`. */
export const deadlockTitle = ({ until, ends }: Deadlock, state: BenchState): string =>
  until === null || !ends
    ? 'DEADLOCK'
    : `DEADLOCK until ${moment(until)} (${subjectOf(state, ends)} timeout)`;

/** `c1.recv waits for a1 to send, a1.recv waits for c1 to send`. */
export const deadlockChain = ({ calls }: Deadlock, state: BenchState): string => {
  const waits = waitsOf(state);
  return calls.map(call => `${callLabel(call)} waits for ${waits.get(call.id)?.sentence}`).join(', ');
};

/** Bytes between two ends: what the sender's kernel still holds and what the receiver's holds unread. */
const queuedFrom = (from: SocketState, to: SocketState | undefined): number =>
  (from.kernel?.sndQ ?? 0) + (to?.kernel?.rcvQ ?? 0);

/** Of a foreign peer only this side's queue is known. */
const towardsPeer = ({ name, peer, kernel }: SocketState): string =>
  peer && kernel ? `${name} to ${safeText(formatEndpoint(peer))} ${humanSize(kernel.sndQ)}` : '';

const bothWays = (state: BenchState, socket: SocketState): string => {
  const twin = state.sockets.get(socket.twin);
  if (socket.condition === 'SYN-SENT') return '';
  if (!twin) return towardsPeer(socket);
  if (!socket.kernel && !twin.kernel) return '';
  const there = humanSize(queuedFrom(socket, twin));
  const back = humanSize(queuedFrom(twin, socket));
  return `${socket.name} to ${twin.name} ${there}, ${twin.name} to ${socket.name} ${back}`;
};

/** `queued: c1 to a1 2.6 MiB, a1 to c1 2.5 MiB`, each connection of the cycle once; '' where no kernel tells. */
export const deadlockQueues = ({ calls }: Deadlock, state: BenchState): string => {
  const told = new Set<string>();
  const parts: string[] = [];
  for (const call of calls) {
    const socket = state.sockets.get(subjectOf(state, call));
    if (!socket || told.has(socket.name)) continue;
    told.add(socket.name).add(socket.twin);
    const part = bothWays(state, socket);
    if (part !== '') parts.push(part);
  }
  return parts.length === 0 ? '' : `queued: ${parts.join('; ')}`;
};

const cure = (call: CallState, state: BenchState): string => {
  const wait = waitsOf(state).get(call.id);
  if (wait?.kind !== 'socket') return '';
  if (isSend(call.call.name)) return `a recv on ${wait.on}`;
  if (isReceive(call.call.name))
    return wait.act === 'end' ? `a half-close of ${wait.on}` : `a send on ${wait.on}`;
  return `an accept on ${wait.on}`;
};

/** Calls of the same cycle often have one cure each: `a send on a1 or c1`. */
const cures = (calls: readonly CallState[], state: BenchState): string => {
  const places = new Map<string, string[]>();
  for (const text of new Set(calls.map(call => cure(call, state)))) {
    const at = text.lastIndexOf(' ') + 1;
    const act = text.slice(0, at);
    if (text !== '') places.set(act, [...(places.get(act) ?? []), text.slice(at)]);
  }
  return [...places].map(([act, on]) => act + on.join(' or ')).join(', or ');
};

/** What would break it: `a cancel (x) of c1.recv or a1.recv, or a send on a1 or c1 by a thread of its own (P)`. */
const deadlockBreaks = ({ calls, until, ends }: Deadlock, state: BenchState): string => {
  const stops = calls.map(call => (call.looped ? `${callLabel(call)} (its loop off)` : callLabel(call)));
  const cancel = `a cancel (x) of ${stops.join(' or ')}`;
  const other = cures(calls, state);
  const thread = other === '' ? '' : `, or ${other} by a thread of its own (P)`;
  const timeout =
    until === null || !ends ? '' : `the timeout of ${subjectOf(state, ends)} at ${moment(until)}, `;
  return `broken by ${timeout}${cancel}${thread}`;
};

/** The whole finding as one line. */
export const deadlockSentence = (deadlock: Deadlock, state: BenchState): string => {
  const queues = deadlockQueues(deadlock, state);
  const rest = [deadlockChain(deadlock, state), queues, deadlockBreaks(deadlock, state)];
  return `${deadlockTitle(deadlock, state)}: ${rest.filter(part => part !== '').join('; ')}`;
};

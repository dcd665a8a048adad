import { formatEndpoint } from './address.ts';
import type { Deadlock, DeadlockEnd } from './deadlock.ts';
import { safeText } from './payload.ts';
import { type Remedy, remediesOf } from './remedies.ts';
import type { BenchState, CallState, SocketState } from './state.ts';
import { humanSize } from './units.ts';
import { type Act, callLabel, moment } from './wait.ts';
import { subjectOf } from './wait-ground.ts';
import { waitsOf } from './waits.ts';

/** Names of calls that only wait for a deadlock, before the rest of them is a number. */
const fewFollowers = 3;

/** What ends a call by itself. */
export const endWord = ({ by }: DeadlockEnd): string => (by === 'SYN' ? 'last SYN' : 'timeout');

/** `DEADLOCK`, or `DEADLOCK until 14.3s (c1 timeout)`. */
export const deadlockTitle = ({ end }: Deadlock, state: BenchState): string => {
  if (!end) return 'DEADLOCK';
  return `DEADLOCK until ${moment(end.at)} (${subjectOf(state, end.call)} ${endWord(end)})`;
};

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
export const deadlockQueues = (calls: readonly CallState[], state: BenchState): string => {
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

/** What somebody would do for them, on which of their sockets. */
const acts: Readonly<Record<Act, string>> = {
  send: 'a send on',
  recv: 'a recv on',
  accept: 'an accept on',
  flush: 'a flush of',
  end: 'a half-close of',
};

/** `the timeout of c1 at 14.3s`. */
const endWords = (end: DeadlockEnd, state: BenchState): string =>
  `the ${endWord(end)} of ${subjectOf(state, end.call)} at ${moment(end.at)}`;

const stopLabel = (call: CallState): string =>
  call.looped ? `${callLabel(call)} (its loop off)` : callLabel(call);

/** Calls of the same cycle often have one cure each: `a send on a1 or c1`. */
const actWords = (remedies: readonly Remedy[]): string => {
  const places = new Map<Act, string[]>();
  for (const remedy of remedies) {
    if (remedy.kind === 'act') places.set(remedy.act, [...(places.get(remedy.act) ?? []), remedy.on]);
  }
  return [...places].map(([act, on]) => `${acts[act]} ${on.join(' or ')}`).join(', or ');
};

/** What would break it: `a cancel (x) of c1.recv or a1.recv, or a send on a1 or c1 by a thread of its own (P)`. */
const deadlockBreaks = (deadlock: Deadlock, state: BenchState): string => {
  const remedies = remediesOf(state, deadlock);
  const ends = remedies.flatMap(remedy => (remedy.kind === 'end' ? [endWords(remedy, state)] : []));
  const stops = remedies.flatMap(remedy => (remedy.kind === 'cancel' ? [stopLabel(remedy.call)] : []));
  const other = actWords(remedies);
  const thread = other === '' ? '' : `, or ${other} by a thread of its own (P)`;
  return `broken by ${[...ends, `a cancel (x) of ${stops.join(' or ')}`].join(', ')}${thread}`;
};

/** `c3.recv waits for it too`; '' where nobody does. */
const deadlockFollowers = ({ behind }: Deadlock): string => {
  if (behind.length === 0) return '';
  const labels = behind.slice(0, fewFollowers).map(callLabel);
  const more = behind.length - labels.length;
  const who = more > 0 ? [...labels, `${more} more`] : labels;
  return `${who.join(', ')} ${behind.length === 1 ? 'waits' : 'wait'} for it too`;
};

/** The whole finding as one line. */
export const deadlockSentence = (deadlock: Deadlock, state: BenchState): string => {
  const rest = [
    deadlockChain(deadlock, state),
    deadlockQueues(deadlock.calls, state),
    deadlockBreaks(deadlock, state),
    deadlockFollowers(deadlock),
  ];
  return `${deadlockTitle(deadlock, state)}: ${rest.filter(part => part !== '').join('; ')}`;
};

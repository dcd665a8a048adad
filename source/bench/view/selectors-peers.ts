import { portAt } from '../../core/addresses/endpoint.ts';
import { boundAt } from '../../core/addresses/twins.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { humanDuration, humanSize } from '../../core/language/units.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { ProcessState, ThreadState } from '../../core/model/process.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import { listed } from '../../core/words/listed.ts';
import { doingWords } from '../../core/words/process-words.ts';
import { t } from '../../core/words/translate.ts';
import { callsOn } from './selectors-sockets.ts';

/**
 * A program of this machine at the other end of a socket of the bench: `end`, it has that open; `queued`, it listens there and has
 * yet to accept: `place` in the queue from 1, 0 where others wait too and it is not known, of so many.
 */
export type PeerSeen =
  | { readonly kind: 'end'; readonly socket: SocketState; readonly process: ProcessState }
  | {
      readonly kind: 'queued';
      readonly socket: SocketState;
      readonly process: ProcessState;
      readonly place: number;
      readonly of: number;
    };

const processOf = ({ processes }: BenchState, { actor }: SocketState): ProcessState | undefined => {
  const process = isProgram(actor) ? undefined : processes.get(actor);
  return process && !process.ended ? process : undefined;
};

/** What somebody must have accepted first: from a queue nothing is sent, and no end. */
const wasServed = ({ condition, eof, received }: SocketState): boolean =>
  condition === 'CLOSE-WAIT' || eof || received > 0;

/** In a listener's queue: connected, and no program has the other end open. */
const standsAt = (bench: BenchState, socket: SocketState, listener: string): boolean =>
  !socket.closed &&
  socket.twin === '' &&
  socket.peer !== null &&
  socket.listener === '' &&
  socket.condition !== 'SYN-SENT' &&
  socket.condition !== 'RESET' &&
  !wasServed(socket) &&
  boundAt(bench.pairs, socket, socket.peer, socket.local) === listener;

/** A queue is served in the order in which connections were made; whether others stand before the bench's the count tells. */
const queued = (
  bench: BenchState,
  socket: SocketState,
  listener: SocketState,
  process: ProcessState,
): PeerSeen => {
  const own = [...bench.sockets.values()]
    .filter(other => isProgram(other.actor) && standsAt(bench, other, listener.name))
    .sort((a, b) => a.connectEntry - b.connectEntry);
  const of = Math.max(own.length, listener.kernel?.rcvQ ?? 0);
  const place = of === own.length ? own.indexOf(socket) + 1 : 0;
  return { kind: 'queued', socket: listener, process, place, of };
};

/** Who is at the other end, as the newest look tells; null where that is nobody that could be looked at. */
export const peerSeen = (bench: BenchState, socket: SocketState): PeerSeen | null => {
  if (bench.processes.size === 0 || !socket.peer || !isProgram(socket.actor)) return null;
  const twin = bench.sockets.get(socket.twin);
  if (twin) {
    const process = processOf(bench, twin);
    return process && !twin.closed ? { kind: 'end', socket: twin, process } : null;
  }
  const listener = bench.sockets.get(boundAt(bench.pairs, socket, socket.peer, socket.local) ?? '');
  const process = listener && processOf(bench, listener);
  if (!process) return null;
  if (listener.condition === 'LISTEN' && standsAt(bench, socket, listener.name))
    return queued(bench, socket, listener, process);
  return listener.condition === 'UNCONN' ? { kind: 'end', socket: listener, process } : null;
};

/** Who has the other end: the program's name, where one of this machine is known, else the bench's own name for it. */
export const otherName = (bench: BenchState, socket: SocketState): string => {
  const seen = peerSeen(bench, socket);
  return seen?.kind === 'end' ? safeText(seen.process.name) : socket.twin;
};

/** `ncat, pid 1234`. */
export const processName = ({ name, pid }: ProcessState): string => `${safeText(name)}, pid ${pid}`;

const inCall = ({ call, startedAt }: CallState, now: number): string =>
  t`is in ${call.name}, ${humanDuration(Math.max(0, now - (startedAt ?? now)))}`;

const isAbout = ({ does, since }: ThreadState, now: number): string => {
  // It wakes again and again, as event loops with a timer do: no two looks found it in the same call.
  if (does === 'running') return t('stands in no call for long');
  return `${t(doingWords[does])}${t(', ')}${humanDuration(Math.max(0, now - since))}`;
};

/** What a process is about as far as one socket of its is concerned: `is in recv, 3.1s`; '' where no look has told. */
export const doingAt = (
  bench: BenchState,
  process: ProcessState,
  socket: SocketState,
  now: number,
): string => {
  const here = callsOn(bench, socket.name).find(({ actor }) => actor === process.actor);
  if (here) return inCall(here, now);
  // Threads that wait for others of their process say nothing of a socket.
  const own = process.threads.filter(({ does }) => does !== 'lock');
  const [only = process.threads[0], ...others] = own;
  if (!only) return '';
  if (others.length > 0) return t`has ${process.threads.length} threads, none in a call on this socket`;
  const elsewhere = [...bench.calls.values()].find(({ thread }) => thread === only.thread);
  return elsewhere ? inCall(elsewhere, now) : isAbout(only, now);
};

/** Who else has the other end open, as after a fork: `and nginx, pid 12, have it`. */
const sharers = (bench: BenchState, { holders, actor }: SocketState): string => {
  const others = [...new Set(holders.map(holder => holder.actor))].filter(other => other !== actor);
  const names = others.flatMap(other => {
    const process = bench.processes.get(other);
    return process ? [processName(process)] : [];
  });
  return names.length === 0
    ? ''
    : names.length === 1
      ? t`${names[0]} has it open too`
      : t`${listed(names, 'and', 2)} have it open too`;
};

/** `2nd of 3`; the forms of English ordinals are sentences of their own. */
const placeOf = (n: number, of: number): string => {
  const tens = n % 100 >= 11 && n % 100 <= 13;
  switch (tens ? 0 : n % 10) {
    case 1:
      return t`${n}st of ${of}`;
    case 2:
      return t`${n}nd of ${of}`;
    case 3:
      return t`${n}rd of ${of}`;
    default:
      return t`${n}th of ${of}`;
  }
};

/** What its kernel holds for it and of it; '' where that is nothing. */
const held = ({ kernel }: SocketState): string => {
  const { rcvQ = 0, sndQ = 0 } = kernel ?? {};
  const unread = rcvQ > 0 ? t`${humanSize(rcvQ)} unread` : '';
  const unsent = sndQ > 0 ? t`${humanSize(sndQ)} unsent` : '';
  return [unread, unsent].filter(Boolean).join(t(', '));
};

/** `not accepted yet: 2nd of 2 at :56170`. */
const queueWords = ({ socket: { local }, place, of }: Extract<PeerSeen, { kind: 'queued' }>): string => {
  const where = place > 0 ? placeOf(place, of) : t`one of ${of}`;
  const port = portAt(local);
  return port === undefined ? t`not accepted yet: ${where}` : t`not accepted yet: ${where} at ${`:${port}`}`;
};

/**
 * The program at the other end in a line: `ncat, pid 1234, is in recv, 3.1s`, with what its kernel's queues hold, or where the
 * connection stands in a listener's queue; '' where nobody is known.
 */
export const peerWords = (bench: BenchState, socket: SocketState, now: number): string => {
  const seen = peerSeen(bench, socket);
  if (!seen) return '';
  const { process } = seen;
  const who = [processName(process), doingAt(bench, process, seen.socket, now)].filter(Boolean).join(t(', '));
  return seen.kind === 'end'
    ? [who, held(seen.socket), sharers(bench, seen.socket)].filter(Boolean).join(t('; '))
    : [queueWords(seen), who].join(t('; '));
};

/** The same, to stand beside the bench's own queues, where the program is named already. */
export const peerFacts = (bench: BenchState, socket: SocketState, now: number): string => {
  const seen = peerSeen(bench, socket);
  if (!seen) return '';
  if (seen.kind === 'queued') return queueWords(seen);
  const { process } = seen;
  const holds = t`${safeText(process.name)} has ${held(seen.socket) || t('nothing queued')}`;
  return [holds, doingAt(bench, process, seen.socket, now)].filter(Boolean).join(t(', '));
};

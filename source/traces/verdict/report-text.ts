import { humanDuration, humanSize } from '../../core/language/units.ts';
import { listed } from '../../core/words/listed.ts';
import { argumentWords } from '../../core/words/process-words.ts';
import { t } from '../../core/words/translate.ts';
import type { Observed } from '../looks/observe.ts';
import type { Machine } from '../proc/machine.ts';
import type { KernelSocket } from '../proc/socket-world.ts';
import { callWords } from './call-words.ts';
import { threadId } from './gather.ts';
import { leftoversOf } from './leftovers.ts';
import { deadlineWords, waitSentence } from './thread-wait-words.ts';
import type { Wait } from './thread-waits.ts';
import { chainLinks, knotSentence, leftoverSentence, remedySentence } from './verdict-words.ts';
import type { Need } from './wait-needs.ts';
import { waitsForSomebody } from './ways.ts';

/** Threads of a process, and processes, that do alike before the rest of them is a number. */
const fewAlike = 3;

const queues = ({ state, rcvQ, sndQ }: KernelSocket): string =>
  state === 'LISTEN' ? t`${rcvQ} to be accepted` : `Recv-Q ${rcvQ}, Send-Q ${sndQ}`;

const timerWords = ({ timer, retransmits }: KernelSocket): string => {
  if (timer === 'zero-window') return t(', the peer has no room (zero window)');
  return timer === 'retransmit' && retransmits > 0 ? t`, ${retransmits} retransmits` : '';
};

const ends = ({ transport, local, remote }: KernelSocket): string => {
  if (transport === 'unix') return t`Unix ${local || t('without a name')}`;
  return `${transport.toUpperCase()} ${local}${remote === '' ? '' : ` - ${remote}`}`;
};

/** How long nothing has moved, and how much came before that: a message may lack a few bytes. */
const quiet = ({ thread, times }: Wait): string => {
  if (!times || times.receivedAgoMs === null || times.sentAgoMs === null) return '';
  if (thread.call.kind === 'send') return t`, nothing has left for ${humanDuration(times.sentAgoMs)}`;
  if (thread.call.kind !== 'recv') return '';
  const ago = humanDuration(times.receivedAgoMs);
  if (times.receivedBytes === 0) return t`, nothing has come yet, for ${ago}`;
  const all = times.receivedBytes === null ? '' : t` (${humanSize(times.receivedBytes)} in all)`;
  return t`, nothing came for ${ago}${all}`;
};

const needLines = (machine: Machine, wait: Wait, { socket, other, touch }: Need): string[] => {
  if (!socket) return [];
  const lines = [
    t`      fd ${touch.fd}: ${ends(socket)}, ${socket.state}, ${queues(socket)}${timerWords(socket)}${quiet(wait)}`,
  ];
  if (!other) return lines;
  const holders = machine.holders(other.inode).map(({ pid, fd }) => `pid ${pid} fd ${fd}`);
  const who = listed(holders, 'and') || t('nobody that is seen');
  return [...lines, t`      other end: ${who}, ${other.state}, ${queues(other)}${timerWords(other)}`];
};

/** More sockets of one call than are told one by one. */
const fewSockets = 3;

/** The sockets of a call and their other ends, with the queues of both. */
const socketLines = (machine: Machine, wait: Wait): string[] => {
  const needs = new Map<number, Need>();
  for (const need of wait.needs) {
    if (need.socket && !needs.has(need.socket.inode)) needs.set(need.socket.inode, need);
    if (needs.size > fewSockets) return [];
  }
  return [...needs.values()].flatMap(need => needLines(machine, wait, need));
};

const threadLines = (seen: Observed, wait: Wait): string[] => {
  const call = callWords(wait);
  const deadline =
    wait.deadline &&
    wait.idle === null &&
    wait.thread.call.kind !== 'poll' &&
    wait.thread.call.kind !== 'futex'
      ? t` until ${deadlineWords(wait.deadline)}`
      : '';
  const { tid } = wait.thread;
  return [
    t`  thread ${tid}${call === '' ? '' : t` in ${call}`}: ${waitSentence(seen.machine, wait)}${deadline}`,
    ...socketLines(seen.machine, wait),
  ];
};

/** What is alike but for its numbers is told a few times, and then counted. */
const grouped = (
  blocks: readonly (readonly string[])[],
  more: (count: number) => string,
): (readonly string[])[] => {
  const counts = new Map<string, number>();
  const keyed = blocks.map(block => ({ block, key: block.join('\n').replace(/\d+(?:\.\d+)?/g, '#') }));
  const shown = keyed.filter(({ key }) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= fewAlike;
  });
  const last = new Map(shown.map(({ key }, index) => [key, index]));
  return shown.map(({ block, key }, index) => {
    const rest = counts.get(key)! - fewAlike;
    return last.get(key) === index && rest > 0 ? [...block, more(rest)] : block;
  });
};

const processLines = (seen: Observed, pid: number): string[] => {
  const process = seen.machine.process(pid);
  const argv = argumentWords(process?.argv ?? []);
  const peer = seen.pids.includes(pid) ? '' : t(' (at the other end)');
  const head = t`${process?.name ?? t('a process')}, pid ${pid}${peer}${argv === '' ? '' : t`: ${argv}`}`;
  const threads = seen.machine.threads(pid).flatMap(thread => seen.waits.get(threadId(thread)) ?? []);
  const blocks = grouped(
    threads.map(wait => threadLines(seen, wait)),
    count =>
      count === 1 ? t('  and 1 thread more like this one') : t`  and ${count} threads more like this one`,
  );
  return [head, ...blocks.flat()];
};

/** 0 for whoever is in a knot, then those that wait for a peer, then the rest. */
const rankOf = (seen: Observed, pid: number): number => {
  const ids = seen.machine.threads(pid).map(threadId);
  if (seen.knots.some(({ cycle }) => ids.some(id => cycle.includes(id)))) return 0;
  return ids.some(id => seen.waits.has(id) && waitsForSomebody(seen.waits.get(id)!)) ? 1 : 2;
};

/** The processes that were asked about and those at the other end of their sockets, worst first. */
export const shownProcesses = (seen: Observed): number[] => {
  const pids = [...new Set([...seen.waits.values()].map(({ thread }) => thread.pid))];
  const rank = new Map(pids.map(pid => [pid, rankOf(seen, pid) * 2 + (seen.pids.includes(pid) ? 0 : 1)]));
  return pids.sort((a, b) => rank.get(a)! - rank.get(b)!);
};

/** Chains that are compared for their length. */
const fewChains = 64;

/** In a wait for several one of which is a peer's, as the scheduler of a runtime is. */
const mayWaitForSomebody = ({ idle, needs }: Wait): boolean =>
  idle === null && needs.some(({ free, by }) => free === null && by.length > 0);

/** Whoever waits through the most others, and for whom in the end; '' where nobody is in any call. */
const longestChain = (seen: Observed): string => {
  const waits = seen.pids.flatMap(pid =>
    seen.machine.threads(pid).flatMap(thread => seen.waits.get(threadId(thread)) ?? []),
  );
  const kinds: ((wait: Wait) => boolean)[] = [
    waitsForSomebody,
    mayWaitForSomebody,
    ({ idle, lock }) => idle === null && lock,
    ({ needs }) => needs.length > 0,
    () => true,
  ];
  const waiting = kinds.map(kind => waits.filter(kind)).find(list => list.length > 0);
  const chains = (waiting ?? []).slice(0, fewChains).map(wait => chainLinks(seen, wait));
  const longest = chains.reduce((best, links) => (links.length > best.length ? links : best), []);
  return longest.length === 0 ? '' : t`: ${longest.join(t('; '))}`;
};

const verdictLines = (seen: Observed): string[] => {
  const lines = seen.knots.flatMap(knot => [
    knotSentence(seen, knot),
    ...(knot.kind === 'suspected' ? [] : [remedySentence(seen, knot)]),
  ]);
  for (const leftover of leftoversOf(seen.machine, seen.waits, seen.pids)) {
    lines.push(leftoverSentence(seen, leftover));
  }
  return seen.knots.length > 0 ? lines : [t`No deadlock of sockets is seen${longestChain(seen)}.`, ...lines];
};

/** The answer for people, as lines. */
export const reportLines = (seen: Observed): string[] => {
  const blocks = grouped(
    shownProcesses(seen).map(pid => processLines(seen, pid)),
    count =>
      count === 1 ? t('and 1 process more like this one') : t`and ${count} processes more like this one`,
  );
  return [...blocks.flatMap(block => [...block, '']), ...verdictLines(seen)];
};

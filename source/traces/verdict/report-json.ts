import { doubtWords } from '../../core/words/process-words.ts';
import { inEnglish } from '../../core/words/translate.ts';
import type { Observed } from '../looks/observe.ts';
import type { ThreadCall } from '../proc/thread-call.ts';
import { threadId } from './gather.ts';
import type { Knot } from './knots.ts';
import { leftoversOf } from './leftovers.ts';
import { shownProcesses } from './report-text.ts';
import { waitSentence } from './thread-wait-words.ts';
import type { Wait } from './thread-waits.ts';
import { knotSentence, leftoverSentence, remedySentence } from './verdict-words.ts';
import type { Need } from './wait-needs.ts';

/** The version of what docs/why-format.md says. */
const version = 1;

const threadOf = (id: string) => {
  const [pid, tid] = id.split('/').map(Number);
  return { pid, tid };
};

const callOf = (call: ThreadCall) => {
  switch (call.kind) {
    case 'recv':
    case 'send':
      return { name: call.name, kind: call.kind, fd: call.fd, size: call.size, flags: call.flags };
    case 'accept':
    case 'connect':
      return { name: call.name, kind: call.kind, fd: call.fd };
    case 'poll':
      return {
        name: call.name,
        kind: call.kind,
        timeoutMs: call.limit?.kind === 'ms' ? call.limit.ms : null,
        endless: call.limit === null,
      };
    case 'futex':
      return { name: call.name, kind: call.kind, endless: !call.timed };
    case 'other':
      return { name: call.name, kind: call.does };
    case 'hidden':
      return { kind: call.kind, wchan: call.wchan };
    case 'running':
    case 'outside':
      return { kind: call.kind };
  }
};

const needOf = ({ touch, act, socket, other, by, free }: Need) => ({
  fd: touch.fd,
  act,
  socket: socket?.inode ?? null,
  other: other?.inode ?? null,
  pids: by,
  free,
});

const threadJson = (seen: Observed, wait: Wait) => ({
  tid: wait.thread.tid,
  name: wait.thread.name,
  call: callOf(wait.thread.call),
  idle: wait.idle,
  lock: wait.lock,
  needs: wait.needs.map(needOf),
  deadline: wait.deadline,
  doubt: wait.doubt,
  receivedAgoMs: wait.times?.receivedAgoMs ?? null,
  sentAgoMs: wait.times?.sentAgoMs ?? null,
  sentence: waitSentence(seen.machine, wait),
});

const processJson = (seen: Observed, pid: number) => {
  const facts = seen.machine.process(pid);
  return {
    pid,
    name: facts?.name ?? '',
    argv: facts?.argv ?? [],
    uid: facts?.uid ?? null,
    asked: seen.pids.includes(pid),
    threads: seen.machine
      .threads(pid)
      .flatMap(thread => seen.waits.get(threadId(thread)) ?? [])
      .map(wait => threadJson(seen, wait)),
  };
};

/** Each socket that a thread waits on, and its other end. */
const socketsJson = ({ machine, waits }: Observed) => {
  const needs = [...waits.values()].flatMap(wait => wait.needs);
  const sockets = needs.flatMap(({ socket, other }) => [socket, other]).filter(socket => socket !== null);
  const byInode = new Map(sockets.map(socket => [socket.inode, socket]));
  return [...byInode.values()].map(({ port: _, shut: _shut, ends: _ends, drops: _drops, ...socket }) => ({
    ...socket,
    holders: machine.holders(socket.inode),
  }));
};

const knotJson = (seen: Observed, knot: Knot) => ({
  kind: knot.kind,
  threads: knot.cycle.map(threadOf),
  behind: knot.kind === 'suspected' ? [] : knot.behind.map(threadOf),
  ends: knot.kind === 'until' ? knot.ends.map(({ id, deadline }) => ({ ...threadOf(id), ...deadline })) : [],
  mayEnd:
    knot.kind === 'suspected'
      ? knot.actors.map(({ id, doubt }) => ({ ...threadOf(id), why: doubt ? doubtWords[doubt] : null }))
      : [],
  sentence: knotSentence(seen, knot),
  remedy: remedySentence(seen, knot),
});

const answer = (seen: Observed) => ({
  why: version,
  verdict: seen.knots[0]?.kind ?? 'none',
  looks: seen.looks,
  knots: seen.knots.map(knot => knotJson(seen, knot)),
  leftovers: leftoversOf(seen.machine, seen.waits, seen.pids).map(one => ({
    ...one,
    sentence: leftoverSentence(seen, one),
  })),
  processes: shownProcesses(seen).map(pid => processJson(seen, pid)),
  sockets: socketsJson(seen),
});

/** The answer as data: docs/why-format.md. Its sentences are English, whoever asked. */
export const reportJson = (seen: Observed) => inEnglish(() => answer(seen));

import { type News, threadKey } from '../../core/model/looks.ts';
import type { SocketFacts } from '../../core/model/socket-facts.ts';
import { keptProc } from '../proc/kept-proc.ts';
import { lookAt, type Machine } from '../proc/machine.ts';
import { lazy, once } from '../proc/once.ts';
import type { ProcFiles } from '../proc/proc-files.ts';
import type { Processor } from '../proc/system-calls.ts';
import type { Thread } from '../proc/thread-reader.ts';
import { type Knot, steadyKnots } from '../verdict/knots.ts';
import { doubtOf } from '../verdict/peer-doubts.ts';
import type { Wait } from '../verdict/thread-waits.ts';
import { concerned } from './concerned.ts';
import { createDifference, type Seen } from './difference.ts';
import { createLookPace } from './look-pace.ts';
import { type Look, takeLook } from './observe.ts';
import { type IsTold, seenCall, seenNeeds } from './seen-call.ts';
import { endOf, seenKnot } from './seen-knots.ts';
import { seenSockets } from './seen-sockets.ts';
import { unixSockets } from './seen-unix.ts';
import { isSame, mayStand } from './standing.ts';
import { createThreadLooks, type ThreadLooks } from './thread-looks.ts';

/** How long it is believed that processes which are not watched have open what they had, in ms. */
const keptFor = 1_000;

export type LookerOptions = {
  readonly proc: ProcFiles;
  readonly facts: SocketFacts;
  readonly processor: Processor;
  /** The process that looks: never shown. */
  readonly self: number;
  /** Unix sockets are told too. */
  readonly withUnix: boolean;
  /** ms since 1970. */
  readonly now: () => number;
};

/** What a whole look sees by; `doubted`: of peers, of whose waits it is told what is doubtful. */
type Sight = {
  readonly machine: Machine;
  readonly before: Machine | null;
  readonly looks: ThreadLooks;
  readonly doubted: boolean;
};

const seenThread = (
  { machine, before, looks, doubted }: Sight,
  wait: Wait,
  isTold: IsTold,
  at: number,
): Seen['threads'][number] => {
  const { pid, tid } = wait.thread;
  const one = looks.standing(threadKey(wait.thread));
  if (one && mayStand(one, wait.thread)) return { pid, tid, does: 'stopped', since: at, call: 'kept' };
  // It has gone on since it was read.
  if (!one || !isSame(one, wait.thread)) return { pid, tid, does: 'running', since: at, call: null };
  const { since } = one;
  if (wait.idle === 'restart') return { pid, tid, does: 'restart', since, call: 'kept' };
  const found = seenCall(machine, wait, isTold);
  const timed = found === 'lock' && wait.deadline ? ({ timed: true } as const) : {};
  if (typeof found === 'string') return { pid, tid, does: found, since, ...timed, call: null };
  // The kernel gives a connect up by itself, which is no timeout of the program's.
  const deadline = wait.deadline && wait.deadline.by !== 'SYN' ? endOf(wait.deadline, since) : null;
  const doubt = doubted ? { doubt: doubtOf(before, machine, wait) } : {};
  const needs = seenNeeds(wait, isTold);
  const call = { pid, tid, since, deadline, arguments: found, needs, ...doubt };
  return { pid, tid, does: 'call', since, call };
};

/** Whether bytes on their way, or room for them, will end it, or the kernel is to say yet that they do not. */
const moves = ({ needs }: Wait): boolean =>
  needs.some(({ free }) => free === 'bytes' || free === 'room' || free === 'handshake');

/** Children of who was asked for are looked at too, but not of the process that looks: they run on its behalf. */
const adopt = (machine: Machine, asked: Set<number>, self: number): void => {
  const isChild = (pid: number) => {
    const parent = machine.parent(pid);
    return pid !== self && parent !== self && !asked.has(pid) && asked.has(parent);
  };
  for (let found = machine.pids.filter(isChild); found.length > 0; found = machine.pids.filter(isChild)) {
    for (const pid of found) asked.add(pid);
  }
};

/** Whoever is at no end of a socket any more is looked at no more; that one is no more itself the next look tells. */
const leaveOthers = (
  machine: Machine,
  known: Set<number>,
  asked: ReadonlySet<number>,
  waits: readonly Wait[],
): void => {
  const there = new Set(waits.map(({ thread }) => thread.pid));
  const isLeft = (pid: number) => !there.has(pid) && !asked.has(pid) && machine.threads(pid).length > 0;
  for (const pid of known) if (isLeft(pid)) known.delete(pid);
};

/** The waits of those that have one of the sockets open which are told: who reads a peer's output is nobody of the bench's. */
const waitsAt = (machine: Machine, waits: readonly Wait[], sockets: ReadonlySet<number>): readonly Wait[] => {
  const pids = new Set([...sockets].flatMap(inode => machine.holders(inode).map(({ pid }) => pid)));
  return waits.filter(({ thread }) => pids.has(thread.pid));
};

/** Who was asked for, the inodes that are told where not all are, and whether Unix sockets are. */
type Scope = {
  readonly asked: ReadonlySet<number>;
  readonly only: ReadonlySet<number> | null;
  readonly withUnix: boolean;
};

const seenIn = (
  sight: Sight,
  waits: readonly Wait[],
  { asked, only, withUnix }: Scope,
  at: number,
): Omit<Seen, 'knots'> => {
  const { machine } = sight;
  const pids = [...new Set(waits.map(({ thread }) => thread.pid))];
  const processes = pids.flatMap(pid => {
    const found = machine.process(pid);
    if (!found) return [];
    const { name, argv: args, parent } = found;
    return [{ pid, name, args, parent, asked: asked.has(pid) }];
  });
  const unix = withUnix ? unixSockets(machine, asked, waits) : new Map<number, never>();
  const isTold: IsTold = inode => unix.has(inode) || Boolean(machine.socket(inode)?.ends);
  const threads = waits.map(wait => seenThread(sight, wait, isTold, at));
  return { processes, ...seenSockets(machine, pids, only, unix), threads };
};

/** What a look tells, null where that is nothing, and after how many ms at most the next one is wanted. */
export type LookTaken = { readonly news: News | null; readonly within: number };

/**
 * One look. `anew`: something has changed that threads do not show, so that it is asked anew who has what open. `more`: processes
 * that are to be looked at too from now on.
 */
export type Looks = (anew?: boolean, more?: readonly number[]) => LookTaken;

/** `self` may end it: who waits for whom between it and others is for the bench to say, which knows its own calls. */
const isEndedBy = (knot: Knot, self: number): boolean =>
  knot.kind === 'suspected' && knot.actors.some(({ id }) => Number.parseInt(id, 10) === self);

const besides = (look: Look, self: number): Look => ({
  ...look,
  knots: look.knots.filter(knot => !isEndedBy(knot, self)),
});

/**
 * The threads of the process that looks are taken for running, whatever they are in: what it waits for is the bench's to say. So its
 * epoll, which has each of its sockets, is not gone through.
 */
const besidesLooking = (machine: Machine, self: number): Machine => {
  const own = lazy(() =>
    machine.threads(self).map((thread): Thread => ({ ...thread, call: { kind: 'running' }, words: '' })),
  );
  return { ...machine, threads: pid => (pid === self ? own() : machine.threads(pid)) };
};

const settledThreads = (machine: Machine, looks: ThreadLooks): Machine => ({
  ...machine,
  threads: once(pid => looks.settled(machine.threads(pid))),
});

/**
 * Looks at processes: each call is one look, and tells what is otherwise than in the one before. `self` among them stands for those at the other end of its sockets, as long as they are there.
 */
export const createLooks = (options: LookerOptions, pids: readonly number[]): Looks => {
  const { facts, processor, self, withUnix, now } = options;
  const asked = new Set(pids);
  /** Everybody that is told of: who was asked for, their children, and those at the other end. */
  const known = new Set(pids.filter(pid => pid !== self));
  const proc = keptProc(options.proc, pid => known.has(pid) || asked.has(pid));
  const looks = createThreadLooks(options.proc, processor);
  const difference = createDifference();
  const pace = createLookPace(asked.has(self));
  let before: Look | null = null;
  let knots: readonly Knot[] = [];
  let forgotAt = Number.NEGATIVE_INFINITY;

  const whole = (at: number): Seen => {
    if (pace.isUnsteady() || at - forgotAt >= keptFor) {
      proc.forget();
      forgotAt = at;
    }
    const machine = settledThreads(besidesLooking(lookAt(proc, facts, processor, self), self), looks);
    adopt(machine, asked, self);
    const all = takeLook(machine, [...asked]);
    const look = asked.has(self) ? besides(all, self) : all;
    const steady = before ? steadyKnots(before, look) : [];
    const sight = { machine, before: before?.machine ?? null, looks, doubted: asked.has(self) };
    before = look;
    // Named are those alone whose calls are told: each has stood in two looks.
    knots = steady.filter(({ cycle }) => cycle.every(id => looks.standing(id)));
    const others = [...look.waits.values()].filter(({ thread }) => thread.pid !== self);
    const only = asked.has(self) ? concerned(machine, others, self) : null;
    const waits = only ? waitsAt(machine, others, only) : others;
    if (asked.has(self)) leaveOthers(machine, known, asked, waits);
    for (const { thread } of waits) {
      known.add(thread.pid);
      looks.meet(thread, at);
    }
    const told = new Set(waits.map(({ thread }) => threadKey(thread)));
    const sinceOf = (id: string) => looks.standing(id)?.since ?? at;
    return {
      ...seenIn(sight, waits, { asked, only, withUnix }, at),
      knots: knots
        .filter(({ cycle }) => cycle.every(id => told.has(id)))
        .map(knot => seenKnot(knot, look.waits, sinceOf)),
    };
  };

  return (anew = false, more = []) => {
    for (const all of [asked, known]) for (const pid of more) all.add(pid);
    const at = now();
    if (anew) forgotAt = Number.NEGATIVE_INFINITY;
    const { ended, over, moved } = looks.look(known, at);
    for (const { pid } of ended) {
      known.delete(pid);
      asked.delete(pid);
    }
    const found = { at, standing: looks.standings() };
    const due = anew || pace.isDue(found);
    const seen = due ? whole(at) : null;
    const after = seen ? { at, standing: looks.standings() } : found;
    if (due && before) {
      const isKnot = before.knots.length > knots.length;
      pace.took(after, { cost: now() - at, isKnot, moves: [...before.waits.values()].some(moves) });
    }
    const news = difference({ at, ended, threadsOver: over, moved, again: anew, seen });
    if (news || anew) pace.stirred(at);
    return { news, within: pace.within(after, looks.isFresh()) };
  };
};

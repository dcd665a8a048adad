import { hasIn } from '../calls/calls.ts';
import { type ActorId, isProgram } from '../model/actors.ts';
import type { DeadlockFinding, Finding, SeenDeadlock } from '../model/finding.ts';
import type { ProcessState } from '../model/process.ts';
import type { BenchState, CallState } from '../model/state.ts';
import { type Reason, waysOf } from '../model/wait.ts';
import { type Deadlock, firstEnd } from './deadlock.ts';
import { deadlockFinding } from './deadlock-finding.ts';
import { stuckOf } from './stuck.ts';
import { subjectOf } from './wait-ground.ts';
import { reasonsOf } from './waits.ts';

const nobody: readonly number[] = [];

/** What a process must get out of before it can act: the calls of all its threads; null where one could act now, or is not seen. */
const heldIn = (process: ProcessState | undefined, calls: readonly CallState[]): number[] | null => {
  if (!process || process.ended || process.threads.length === 0) return null;
  const ids: number[] = [];
  for (const { thread, does } of process.threads) {
    const call = does === 'call' ? calls.find(one => one.thread === thread) : undefined;
    if (!call && does !== 'lock') return null;
    if (call) ids.push(call.id);
  }
  return ids;
};

/** The calls of which any one would end the wait by ending; none: somebody may act who is in none of them. */
const waysIn = (reason: Reason | undefined, held: (actor: ActorId) => number[] | null): readonly number[] => {
  switch (reason?.kind) {
    case 'process': {
      const ways = reason.actors.map(held);
      return ways.every(each => each !== null) ? ways.flat() : nobody;
    }
    case 'any-of': {
      const ways = reason.reasons.map(one => waysIn(one, held));
      return ways.every(each => each.length > 0) ? ways.flat() : nobody;
    }
    default:
      return reason ? waysOf(reason) : nobody;
  }
};

const cyclesOf = (state: BenchState): readonly (readonly CallState[])[] => {
  const reasons = reasonsOf(state);
  const calls = [...state.calls.values()];
  const known = new Map<ActorId, number[] | null>();
  const held = (actor: ActorId): number[] | null => {
    if (isProgram(actor)) return null;
    if (!known.has(actor)) known.set(actor, heldIn(state.processes.get(actor), calls));
    return known.get(actor)!;
  };
  const ways = new Map(calls.map(({ id }) => [id, waysIn(reasons.get(id), held)]));
  return stuckOf(ways).cycles.map(cycle => cycle.map(id => state.calls.get(id)!));
};

const isOwn = ({ actor }: CallState): boolean => actor === '' || isProgram(actor);

/** Calls of the bench and of programs at the other end that wait for each other. */
const mixed = (cycle: readonly CallState[]): boolean => cycle.some(isOwn) && !cycle.every(isOwn);

const processesIn = (state: BenchState, calls: readonly CallState[]): ProcessState[] =>
  [...new Set(calls.map(({ actor }) => actor))].flatMap(actor =>
    actor === '' || isProgram(actor) ? [] : (state.processes.get(actor) ?? []),
  );

/** Who could take a process out of its calls, as far as the newest looks tell. */
const mayEnd = (state: BenchState, calls: readonly CallState[]): SeenDeadlock['mayEnd'] => [
  ...calls.flatMap(({ thread, looked }) => (looked?.doubt ? [{ thread, why: looked.doubt }] : [])),
  ...processesIn(state, calls).flatMap(({ threads }) =>
    threads.flatMap(({ thread, timed }) => (timed ? [{ thread, why: 'deadline' as const }] : [])),
  ),
];

/** Clocks of two threads, and what a look takes to begin. */
const clockSlack = 10;

/**
 * Whether a look began while all the bench's calls of the cycle were in flight, and found these of processes as they had been in the
 * look before: they all waited at one moment.
 */
const waitedAtOnce = (calls: readonly CallState[]): boolean => {
  const own = calls.filter(isOwn).map(({ startedAt }) => startedAt ?? Number.POSITIVE_INFINITY);
  const since = Math.max(...own) + clockSlack;
  return calls.every(call => isOwn(call) || (call.looked !== undefined && call.looked.at >= since));
};

/** Of a poll of many descriptors not all are told; of a socket that others have open too, not what those do. */
const isWhole = ({ call, needs = [] }: CallState): boolean =>
  !(call.name === 'poll' && (call.more ?? 0) > 0) &&
  needs.every(({ other, by }) => (other === '') === (by.length === 0));

/** No bytes of a program's are on their way to a receive of the bench. */
const isDry = (state: BenchState, call: CallState): boolean => {
  if (!isOwn(call) || !hasIn(call.call, 'moves', 'in')) return true;
  const twin = state.sockets.get(state.sockets.get(subjectOf(state, call))?.twin ?? '');
  return !twin || isProgram(twin.actor) || twin.kernel?.sndQ === 0;
};

const found = (state: BenchState, calls: readonly CallState[]): Finding & DeadlockFinding => {
  const deadlock: Deadlock = { calls, behind: [], end: firstEnd(calls) };
  const doubts = mayEnd(state, calls);
  const certain =
    doubts.length === 0 && waitedAtOnce(calls) && calls.every(call => isWhole(call) && isDry(state, call));
  const processes = processesIn(state, calls).map(({ actor, pid, name }) => ({ actor, pid, name }));
  const threads = calls.map(({ thread }) => thread);
  return { ...deadlockFinding(state, deadlock), seen: { certain, threads, processes, mayEnd: doubts } };
};

/**
 * Deadlocks of the bench with programs of this machine: certain by the same rule that is `why`'s, where looks have told all that it
 * asks for.
 */
export const peerDeadlocks = (state: BenchState): Finding[] =>
  state.processes.size === 0
    ? []
    : cyclesOf(state)
        .filter(mixed)
        .map(cycle => found(state, cycle));

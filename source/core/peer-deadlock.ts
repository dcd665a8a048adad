import { type ActorId, isProgram } from './actors.ts';
import { type Deadlock, firstEnd } from './deadlock.ts';
import { deadlockFinding } from './deadlock-finding.ts';
import type { DeadlockFinding, Finding } from './finding.ts';
import type { ProcessState } from './process.ts';
import type { BenchState, CallState } from './state.ts';
import { stuckOf } from './stuck.ts';
import { type Reason, waysOf } from './wait.ts';
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

/** Calls of the bench and of programs at the other end that wait for each other: what a look has seen of those is not all that there is. */
const mixed = (cycle: readonly CallState[]): boolean => cycle.some(isOwn) && !cycle.every(isOwn);

const found = (state: BenchState, calls: readonly CallState[]): Finding & DeadlockFinding => {
  const deadlock: Deadlock = { calls, behind: [], end: firstEnd(calls) };
  const processes = [...new Set(calls.map(({ actor }) => actor))].flatMap(actor => {
    const process = actor === '' || isProgram(actor) ? undefined : state.processes.get(actor);
    return process ? [{ actor: process.actor, pid: process.pid, name: process.name }] : [];
  });
  const threads = calls.map(({ thread }) => thread);
  return { ...deadlockFinding(state, deadlock), seen: { certain: false, threads, processes, mayEnd: [] } };
};

/** Deadlocks of the bench with programs of this machine, as far as looks can tell: never said to be certain. */
export const peerDeadlocks = (state: BenchState): Finding[] =>
  state.processes.size === 0
    ? []
    : cyclesOf(state)
        .filter(mixed)
        .map(cycle => found(state, cycle));

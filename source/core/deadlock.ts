import type { BenchState, CallState } from './state.ts';
import { nextInChain, reasonsOf } from './waits.ts';

/**
 * A cycle of calls in flight that wait for each other: every thread of the bench that could end one of them is
 * inside another. `calls` are in the order of waiting, the oldest first: each waits for the one after it, the
 * last for the first. A call can wait for itself, where one thread would have to be at both ends.
 */
export type Deadlock = {
  readonly calls: readonly CallState[];
  /** The first deadline within the cycle: it breaks it. Null where there is none. */
  readonly until: number | null;
  /** The call whose deadline that is. */
  readonly ends: CallState | null;
};

const fromOldest = (ids: readonly number[]): number[] => {
  const oldest = ids.indexOf(Math.min(...ids));
  return [...ids.slice(oldest), ...ids.slice(0, oldest)];
};

const deadlockOf = (state: BenchState, cycle: readonly number[]): Deadlock => {
  const calls = fromOldest(cycle).map(id => state.calls.get(id)!);
  let ends: CallState | null = null;
  for (const call of calls) {
    if (call.deadline !== null && call.deadline < (ends?.deadline ?? Number.POSITIVE_INFINITY)) ends = call;
  }
  return { calls, until: ends?.deadline ?? null, ends };
};

/**
 * The deadlocks of a state, oldest first. A thread is in one call at a time, so that each call waits for at most
 * one other and following them finds every cycle. Linear in the calls in flight.
 */
export const deadlocksOf = (state: BenchState): Deadlock[] => {
  const reasons = reasonsOf(state);
  const seenIn = new Map<number, number>();
  const found: Deadlock[] = [];
  for (const first of reasons.keys()) {
    const path: number[] = [];
    let id = first;
    while (id !== 0 && !seenIn.has(id)) {
      seenIn.set(id, first);
      path.push(id);
      id = nextInChain(reasons.get(id));
    }
    if (id !== 0 && seenIn.get(id) === first) found.push(deadlockOf(state, path.slice(path.indexOf(id))));
  }
  return found;
};

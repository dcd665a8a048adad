import { memo } from './memo.ts';
import type { BenchState } from './state.ts';
import { type Stuck, stuckOf } from './stuck.ts';
import { type Reason, type Wait, waitSentence } from './wait.ts';
import { groundOf } from './wait-ground.ts';
import { reasonOf } from './wait-rules.ts';

/** Which calls in flight hold each other. Computed once a state. */
export const stuckIn = memo((state: BenchState): Stuck => {
  const reasons = new Map<number, Reason>();
  if (state.calls.size > 0) {
    const ground = groundOf(state);
    for (const call of state.calls.values()) reasons.set(call.id, reasonOf(ground, call));
  }
  return stuckOf(reasons);
});

/** For whom each call in flight waits, by the call's id. */
export const reasonsOf = (state: BenchState): ReadonlyMap<number, Reason> => stuckIn(state).reasons;

/** The same with its words: a sentence to follow "waits for". Computed once a state. */
export const waitsOf = memo((state: BenchState): ReadonlyMap<number, Wait> => {
  const waits = new Map<number, Wait>();
  for (const [id, reason] of reasonsOf(state)) {
    waits.set(id, { ...reason, sentence: waitSentence(state, reason) });
  }
  return waits;
});

/** The call that must end before this one can go on, where the wait is for a thread of the bench; 0: none. */
export const nextInChain = (reason: Reason | undefined): number =>
  reason?.kind === 'socket' || reason?.kind === 'thread' ? reason.through : 0;

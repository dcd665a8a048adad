import { memo } from '../model/memo.ts';
import type { BenchState } from '../model/state.ts';
import { type Reason, waysOf } from '../model/wait.ts';
import { type Stuck, stuckOf } from './stuck.ts';
import { groundOf } from './wait-ground.ts';
import { reasonOf } from './wait-rules.ts';

type Waiting = { readonly reasons: ReadonlyMap<number, Reason>; readonly stuck: Stuck<number> };

/** A wait hangs on the call through which it was reached; one that ends by itself, or has one way, on what it had. */
const hung = (reason: Reason, through: number | undefined): Reason =>
  through !== undefined && 'ways' in reason && through !== reason.through ? { ...reason, through } : reason;

const waitingIn = memo((state: BenchState): Waiting => {
  const reasons = new Map<number, Reason>();
  const ways = new Map<number, readonly number[]>();
  const ground = groundOf(state);
  for (const call of state.calls.values()) {
    const reason = reasonOf(ground, call);
    reasons.set(call.id, reason);
    ways.set(call.id, waysOf(reason));
  }
  const stuck = stuckOf(ways);
  for (const [id, reason] of reasons) reasons.set(id, hung(reason, stuck.through.get(id)));
  return { reasons, stuck };
});

/** Which calls in flight hold each other. Computed once a state. */
export const stuckIn = (state: BenchState): Stuck<number> => waitingIn(state).stuck;

/** For whom each call in flight waits, by the call's id. */
export const reasonsOf = (state: BenchState): ReadonlyMap<number, Reason> => waitingIn(state).reasons;

/** The call that must end before this one can go on, where the wait is for a thread of the bench; 0: none. */
export const nextInChain = (reason: Reason | undefined): number =>
  reason && 'through' in reason ? reason.through : 0;

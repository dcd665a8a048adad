import type { DeadlockFinding, Finding, Held } from '../model/finding.ts';
import type { BenchState, CallState } from '../model/state.ts';
import type { Reason } from '../model/wait.ts';
import type { Deadlock } from './deadlock.ts';
import { queuedOf } from './queued.ts';
import { remediesOf } from './remedies.ts';
import { refOf, subjectOf } from './wait-ground.ts';
import { reasonsOf } from './waits.ts';

/** Calls that only wait for a deadlock and are kept with it by name: they may be thousands. */
const fewFollowers = 3;

const isHeld = (reason: Reason | undefined): reason is Held =>
  reason !== undefined && ('ways' in reason || reason.kind === 'process');

const waitsIn = (state: BenchState, calls: readonly CallState[]): DeadlockFinding['waits'] => {
  const reasons = reasonsOf(state);
  return calls.flatMap(call => {
    const reason = reasons.get(call.id);
    return isHeld(reason) ? [{ call: refOf(state, call), reason }] : [];
  });
};

/** A deadlock as a finding: all that is told of it, by whoever tells it, now and after its calls have ended. */
export const deadlockFinding = (state: BenchState, deadlock: Deadlock): Finding & DeadlockFinding => {
  const { calls, behind, end } = deadlock;
  const ids = calls.map(call => call.id);
  return {
    name: 'deadlock',
    key: `deadlock ${ids.join(' ')}`,
    sockets: [...new Set(calls.map(call => subjectOf(state, call)))],
    calls: ids,
    waits: waitsIn(state, calls),
    queued: queuedOf(state, calls),
    remedies: remediesOf(state, deadlock),
    until: end?.at ?? null,
    behind: {
      first: behind.slice(0, fewFollowers).map(call => refOf(state, call)),
      count: behind.length,
    },
  };
};

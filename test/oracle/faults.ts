import { systemClock } from '../../source/bench/engine/clock.ts';
import type { Attempt, Driver } from '../../source/core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { Fault } from './lab-run.ts';

/** Changes what calls ask for and what they answer, between the bench and its driver. */
const between = (change: {
  readonly attempt?: (attempt: Attempt) => Attempt;
  readonly outcome?: (outcome: Outcome, attempt: Attempt) => Outcome;
  /** An answer without asking the driver. */
  readonly instead?: (attempt: Attempt) => Outcome | undefined;
}): Fault => ({
  driver: (driver: Driver): Driver => ({
    start: (attempt, report) => {
      const answer = change.instead?.(attempt);
      if (answer) {
        report(answer);
        return null;
      }
      return driver.start(change.attempt?.(attempt) ?? attempt, outcome =>
        report(change.outcome?.(outcome, attempt) ?? outcome),
      );
    },
    dispose: driver.dispose,
  }),
});

const failedWith = (outcome: Outcome, code: string): boolean =>
  outcome.kind === 'error' && outcome.code === code;

export type Planted = {
  readonly fault: string;
  readonly lab: string;
  readonly plant: Fault;
  /** The call that the oracle must name, and the field in which it differs. */
  readonly call: string;
  readonly field: string;
};

/** What a bench that lies would do, and the lab in which it is found out. */
export const planted: readonly Planted[] = [
  {
    fault: 'recv takes ten bytes too many',
    lab: 'stream-boundaries',
    plant: between({
      attempt: attempt =>
        attempt.call.name === 'recv'
          ? { ...attempt, call: { ...attempt.call, size: attempt.call.size + 10 } }
          : attempt,
    }),
    call: 'a1.recv 5',
    field: 'size',
  },
  {
    fault: 'a timeout takes six times its time',
    lab: 'error-timeout',
    plant: {
      clock: { ...systemClock, deadline: (ms, run) => systemClock.deadline(ms < 300 ? ms : 6 * ms, run) },
    },
    call: 'c1.recv 100',
    field: 'time',
  },
  {
    fault: 'a reset is told as EOF',
    lab: 'reset',
    plant: between({
      outcome: outcome =>
        failedWith(outcome, 'ECONNRESET') ? { kind: 'data', data: new Uint8Array(0) } : outcome,
    }),
    call: 'c2.recv 100',
    field: 'class',
  },
  {
    fault: 'send reports one byte less',
    lab: 'stream-boundaries',
    plant: between({
      outcome: (outcome, { call }) =>
        call.name === 'send' && outcome.kind === 'count' ? { ...outcome, count: outcome.count - 1 } : outcome,
    }),
    call: 'c1.send "one"',
    field: 'size',
  },
  {
    fault: 'accept returns although nobody has connected',
    lab: 'blocking-accept',
    plant: between({
      instead: ({ call, name }) => (call.name === 'accept' ? { kind: 'made', name: name() } : undefined),
    }),
    call: 'a1 = s1.accept',
    field: 'blocked',
  },
  {
    fault: 'connect succeeds where nobody listens',
    lab: 'error-refused',
    plant: between({ outcome: outcome => (failedWith(outcome, 'ECONNREFUSED') ? ok : outcome) }),
    call: 'c1.connect',
    field: 'class',
  },
  {
    fault: 'an unconnected socket says EINVAL',
    lab: 'connect',
    plant: between({
      outcome: outcome => (failedWith(outcome, 'ENOTCONN') ? failure('EINVAL') : outcome),
    }),
    call: 'c1.getpeername',
    field: 'errno',
  },
];

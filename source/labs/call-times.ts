import type { Bench } from '../bench/engine/bench.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { Expectation } from '../core/language/expectation.ts';
import { formatSpan } from '../core/language/expectation-text.ts';
import { formatDuration } from '../core/language/units.ts';
import type { EndedEntry } from '../core/model/entry.ts';
import { t } from '../core/words/translate.ts';
import type { Judgement } from './claims.ts';
import type { Patience } from './patience.ts';
import type { StartedCall } from './unwaited-calls.ts';

/** An end that came in time may be heard of so much later. */
const graceMs = 100;

const entryOf = (bench: Bench, id: number): EndedEntry | undefined => {
  bench.flush();
  for (let n = bench.journal.last(); n >= bench.journal.first(); n--) {
    const entry = bench.journal.at(n);
    if (entry?.kind === 'ended' && entry.id === id) return entry;
  }
  return undefined;
};

/** Holds calls to the time that an expectation gives them: `=> ok in 1s..2s`. */
export type CallTimes = {
  /** Whether a call that has ended took as long as is expected. */
  readonly judge: (expectation: Expectation, id: number) => Judgement;
  /** How the call ends; null where it is still in flight when it can no longer be in time: then it is cancelled. */
  readonly endOf: (one: StartedCall, expectation: Expectation | null) => Promise<Outcome | null>;
};

/** Without `judgeTimes` a call takes as long as it takes. */
export const createCallTimes = (
  bench: Bench,
  { orAborted, pause }: Patience,
  judgeTimes: boolean,
): CallTimes => {
  /** Resolves with null once a call has been running for longer than `ms`; its time in a queue does not count. */
  const overdue = async (one: StartedCall, ms: number): Promise<null> => {
    let over = false;
    void one.ended.then(() => {
      over = true;
    });
    for (;;) {
      bench.flush();
      const began = bench.state().calls.get(one.id)?.startedAt ?? bench.now();
      const left = began + ms + graceMs - bench.now();
      if (over || left <= 0) return null;
      await pause(left);
    }
  };

  return {
    judge: (expectation, id) => {
      if (!expectation.span || !judgeTimes) return true;
      const entry = entryOf(bench, id);
      const took = entry ? entry.t - (entry.startedAt ?? entry.queuedAt) : 0;
      const { from, to } = expectation.span;
      if (took >= from && took <= to) return true;
      return t`expected ${formatSpan(expectation.span)}, it took ${formatDuration(Number(took.toFixed(3)))}`;
    },
    endOf: async (one, expectation) => {
      const latest = judgeTimes && expectation?.span ? expectation.span.to : Number.POSITIVE_INFINITY;
      if (!Number.isFinite(latest)) return orAborted(one.ended);
      const outcome = await Promise.race([orAborted(one.ended), overdue(one, latest)]);
      if (!outcome) bench.cancel(one.id);
      return outcome;
    },
  };
};

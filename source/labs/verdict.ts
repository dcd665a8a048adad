import type { Failure } from '../core/calls/outcome.ts';
import { errorTable } from '../core/words/error-table.ts';
import { t } from '../core/words/translate.ts';
import type { Judgement } from './claims.ts';

/**
 * How a line went. `done`: it held no expectation; `skipped`: this system cannot tell. `found` says what happened, in the
 * words of the log; `reason` is a sentence: what was expected, and what came instead.
 */
export type Verdict = {
  readonly status: 'done' | 'passed' | 'failed' | 'skipped';
  readonly found: string;
  readonly reason: string;
  /** The call's id, 0 for a line without one. */
  readonly call: number;
  /** It failed by an error that no line expects. */
  readonly unexpected?: true;
  /** It was not run: nobody allowed what it would do. */
  readonly refused?: true;
};

export const done = (found: string, call: number): Verdict => ({ status: 'done', found, reason: '', call });

export const judged = (judgement: Judgement, found: string, call: number): Verdict =>
  judgement === true
    ? { status: 'passed', found, reason: '', call }
    : { status: 'failed', found: found || judgement, reason: judgement, call };

/** Calls that somebody ended, not an error: `cancel`, and the close of their socket, by a line or by the end of the run. */
const wasEnded = ({ code }: Failure): boolean => code === 'INTERRUPTED' || code === 'CLOSED';

/** What a line writes behind => to expect this error: names that are the bench's own go by Python's class. */
const expectedAs = ({ code }: Failure): string => {
  const [errno, python] = errorTable[code];
  return errno === null && python !== '' ? python : code;
};

/** A call ended with an error where no line expects one: that fails its line. Null where nothing is wrong with it. */
export const unexpectedError = (failure: Failure, found: string, call: number): Verdict | null =>
  wasEnded(failure)
    ? null
    : {
        status: 'failed',
        found,
        reason: t`expected no error, found ${found} (where it is meant, write => ${expectedAs(failure)}, or => any)`,
        call,
        unexpected: true,
      };

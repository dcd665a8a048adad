import type { Call } from './call.ts';
import type { Expectation } from './expectation.ts';
import type { Outcome } from './outcome.ts';

/** What stands right of ` = ` in the log, as strace reads. With `limit` bytes are cut after that many characters. */
export const formatOutcome = (outcome: Outcome, _call: Call, _limit?: number): string => outcome.kind;

/** Whether no bytes mean that the stream has ended, and not an empty datagram. */
export const isEof = (_outcome: Outcome, _call: Call): boolean => false;

/** Judges the value of a call that has ended: true, or the reason why it is not what was expected. */
export const matches = (_expectation: Expectation, _outcome: Outcome, _call: Call): true | string => true;

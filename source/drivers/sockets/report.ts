import type { Outcome } from '../../core/calls/outcome.ts';

/** Hears, once, how a call ended. */
export type Report = (outcome: Outcome) => void;

/** Reports at once: nothing is in flight then. */
export const answer = (report: Report, outcome: Outcome): null => {
  report(outcome);
  return null;
};

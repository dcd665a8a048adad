import { safeText } from '../../core/bytes/payload.ts';
import { formatOutcome } from '../../core/words/outcome-text.ts';
import {
  type PlannedCall,
  titleOf,
  wasClosedUnder,
  wasInterrupted,
  wasWithdrawn,
} from '../projection/call-plan.ts';

/** Characters of what came of a call in its comment. */
const shownPayload = 60;

/** Somebody else ended it, and code that makes it again would wait for ever. */
export const wasBrokenOff = (planned: PlannedCall): boolean =>
  wasInterrupted(planned) || wasWithdrawn(planned) || wasClosedUnder(planned);

const whatHappened = (planned: PlannedCall): string => {
  const { call, outcome } = planned;
  if (wasWithdrawn(planned)) return 'taken back before it began';
  if (wasInterrupted(planned)) return planned.looped ? 'cancelled with its loop' : 'cancelled';
  if (wasClosedUnder(planned)) return 'in flight until its socket was closed';
  return outcome ? safeText(formatOutcome(outcome, call, shownPayload)) : 'in flight';
};

/** A call as the log has it, and what came of it: what stands over its code. */
export const callWords = (planned: PlannedCall): string =>
  `${safeText(titleOf(planned))} = ${whatHappened(planned)}`;

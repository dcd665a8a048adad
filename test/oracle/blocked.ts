import type { PlannedCall, Step } from '../../source/formats/projection/call-plan.ts';

/** A call over loopback that nothing holds up is over by then. */
const promptMs = 100;

const heldByTheBench = new Set(['TIMEOUT', 'INTERRUPTED', 'CLOSED']);

const predecessor = (calls: readonly PlannedCall[], call: PlannedCall): PlannedCall | undefined =>
  calls.findLast(
    other =>
      other.thread === call.thread && other.id < call.id && (other.endedAt ?? Infinity) > call.queuedAt,
  );

const isHeld = (calls: readonly PlannedCall[], call: PlannedCall): boolean => {
  const { outcome, endedAt, startedAt, queuedAt } = call;
  if (!outcome || endedAt === null || call.by > call.id) return true;
  if (outcome.kind === 'error' && heldByTheBench.has(outcome.code)) return true;
  if (endedAt - queuedAt >= promptMs) return true;
  if (startedAt !== null && startedAt <= queuedAt) return false;
  const before = predecessor(calls, call);
  return before !== undefined && isHeld(calls, before);
};

/**
 * Whether the session has a call blocked: in flight when the next step began, and not merely under way (Node tells of
 * a connect a moment after the kernel made it): something that came later released it, or nothing did.
 */
export const blockedInSession = (
  calls: readonly PlannedCall[],
  steps: readonly Step[],
): ReadonlyMap<number, boolean> => {
  const begun = new Set(steps.filter(({ kind }) => kind === 'begin').map(({ call }) => call.id));
  return new Map(calls.map(call => [call.id, begun.has(call.id) && isHeld(calls, call)]));
};

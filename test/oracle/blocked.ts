import type { PlannedCall, Step } from '../../source/formats/projection/call-plan.ts';

/**
 * A call over loopback that nothing holds up is over by then, counted in beats of the session's own event loop (lab-run.ts):
 * a machine that has no time for the loop holds up the telling of an end, and the beats with it.
 */
const promptBeats = 20;

/** Whether so many beats fell between the two moments; ms, as the entries have them. */
const isLong = (beats: readonly number[], from: number, to: number): boolean =>
  beats.filter(at => at >= from && at <= to).length >= promptBeats;

const heldByTheBench = new Set(['TIMEOUT', 'INTERRUPTED', 'CLOSED']);

const predecessor = (calls: readonly PlannedCall[], call: PlannedCall): PlannedCall | undefined =>
  calls.findLast(
    other =>
      other.thread === call.thread && other.id < call.id && (other.endedAt ?? Infinity) > call.queuedAt,
  );

const isHeld = (calls: readonly PlannedCall[], beats: readonly number[], call: PlannedCall): boolean => {
  const { outcome, endedAt, startedAt, queuedAt } = call;
  if (!outcome || endedAt === null || call.by > call.id) return true;
  if (outcome.kind === 'error' && heldByTheBench.has(outcome.code)) return true;
  if (isLong(beats, queuedAt, endedAt)) return true;
  if (startedAt !== null && startedAt <= queuedAt) return false;
  const before = predecessor(calls, call);
  return before !== undefined && isHeld(calls, beats, before);
};

/**
 * Whether the session has a call blocked: in flight when the next step began, and not merely under way (Node tells of
 * a connect a moment after the kernel made it): something that came later released it, or nothing did.
 */
export const blockedInSession = (
  calls: readonly PlannedCall[],
  steps: readonly Step[],
  beats: readonly number[],
): ReadonlyMap<number, boolean> => {
  const begun = new Set(steps.filter(({ kind }) => kind === 'begin').map(({ call }) => call.id));
  return new Map(calls.map(call => [call.id, begun.has(call.id) && isHeld(calls, beats, call)]));
};

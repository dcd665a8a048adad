import type { PlannedCall, Step } from '../../source/formats/projection/call-plan.ts';

/**
 * A call over loopback that nothing holds up is over by then. A machine that has no time for the session's event loop holds up the
 * telling of an end, and the loop's beats with it (lab-run.ts): of so many ms with fewer beats nothing is known.
 */
const prompt = { ms: 100, beats: 20 };

/** Whether it took long; undefined where it may have been the machine. */
const isLong = (beats: readonly number[], from: number, to: number): boolean | undefined => {
  if (to - from < prompt.ms) return false;
  return beats.filter(at => at >= from && at <= to).length >= prompt.beats || undefined;
};

const heldByTheBench = new Set(['TIMEOUT', 'INTERRUPTED', 'CLOSED']);

const predecessor = (calls: readonly PlannedCall[], call: PlannedCall): PlannedCall | undefined =>
  calls.findLast(
    other =>
      other.thread === call.thread && other.id < call.id && (other.endedAt ?? Infinity) > call.queuedAt,
  );

const isHeld = (
  calls: readonly PlannedCall[],
  beats: readonly number[],
  call: PlannedCall,
): boolean | undefined => {
  const { outcome, endedAt, startedAt, queuedAt } = call;
  if (!outcome || endedAt === null || call.by > call.id) return true;
  if (outcome.kind === 'error' && heldByTheBench.has(outcome.code)) return true;
  const long = isLong(beats, queuedAt, endedAt);
  if (long !== false) return long;
  if (startedAt !== null && startedAt <= queuedAt) return false;
  const before = predecessor(calls, call);
  return before === undefined ? false : isHeld(calls, beats, before);
};

/**
 * Whether the session has a call blocked: in flight when the next step began, and not merely under way (Node tells of
 * a connect a moment after the kernel made it): something that came later released it, or nothing did. undefined: not known.
 */
export const blockedInSession = (
  calls: readonly PlannedCall[],
  steps: readonly Step[],
  beats: readonly number[],
): ReadonlyMap<number, boolean | undefined> => {
  const begun = new Set(steps.filter(({ kind }) => kind === 'begin').map(({ call }) => call.id));
  return new Map(calls.map(call => [call.id, begun.has(call.id) && isHeld(calls, beats, call)]));
};

import { formatCall } from '../../source/core/language/line.ts';
import { explain } from '../../source/core/words/errors.ts';
import { formatOutcome } from '../../source/core/words/outcome-text.ts';
import { type PlannedCall, type Step, wasClosedUnder } from '../../source/formats/projection/call-plan.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { blockedInSession } from './blocked.ts';
import { compareValues, type Difference } from './compare-value.ts';
import type { PortMap } from './ports.ts';
import type { PythonCall } from './python-run.ts';

/** One call's verdict. `excused`: the lab says of every differing field why it may. */
export type Compared = {
  readonly id: number;
  readonly title: string;
  readonly verdict: 'equal' | 'excused' | 'different';
  readonly differences: readonly (Difference & { readonly why: string | undefined })[];
};

/**
 * How much later than the other a deadline may be, in ms: a busy machine makes either late by itself, so that only a
 * deadline of another size is told. That none comes early is what the labs say (`in 0.45s..20s`).
 */
const slackMs = (ms: number): number => ms + 1_000;

const sends: ReadonlySet<string> = new Set(['send', 'sendall', 'flush', 'write']);

const shownPython = (python: PythonCall): string => {
  if (python.ended === undefined) return 'in flight';
  return python.error === undefined ? 'a value' : `${python.error} ${python.text ?? ''}`;
};

/** Python's errors without an errno say in words what they are. */
const compareErrors = (planned: PlannedCall, python: PythonCall): Difference[] => {
  const { outcome, call } = planned;
  const bench = outcome?.kind === 'error' ? explain(outcome, call) : undefined;
  const named = bench?.python ?? '';
  if (named !== (python.error ?? '') || (bench && python.error === undefined))
    return [
      { field: 'class', bench: outcome ? formatOutcome(outcome, call, 60) : '', python: shownPython(python) },
    ];
  if (!bench) return [];
  if (bench.errno !== (python.errno ?? null))
    return [{ field: 'errno', bench: String(bench.errno), python: String(python.errno) }];
  if (bench.errno !== null || bench.pythonText === python.text) return [];
  return [{ field: 'value', bench: bench.pythonText, python: python.text ?? '' }];
};

const compareTime = ({ outcome, startedAt, endedAt }: PlannedCall, python: PythonCall): Difference[] => {
  if (outcome?.kind !== 'error' || outcome.code !== 'TIMEOUT') return [];
  if (python.began === undefined || python.ended === undefined) return [];
  const bench = (endedAt ?? 0) - (startedAt ?? 0);
  const other = (python.ended - python.began) * 1000;
  if (Math.abs(bench - other) <= slackMs(Math.min(bench, other))) return [];
  return [{ field: 'time', bench: `${bench.toFixed(0)} ms`, python: `${other.toFixed(0)} ms` }];
};

/** A call that never ended by itself: in CPython it must be in flight at the end too. */
const compareUnended = (python: PythonCall): Difference[] =>
  python.ended === undefined
    ? []
    : [{ field: 'blocked', bench: 'in flight to the end', python: shownPython(python) }];

const compareEnds = (planned: PlannedCall, python: PythonCall, ports: PortMap): Difference[] => {
  if (wasClosedUnder(planned)) return [];
  if (planned.outcome === null) return compareUnended(python);
  if (python.ended === undefined)
    return [
      { field: 'blocked', bench: formatOutcome(planned.outcome, planned.call, 60), python: 'in flight' },
    ];
  if (planned.outcome?.kind === 'error' || python.error !== undefined)
    return [...compareErrors(planned, python), ...compareTime(planned, python)];
  return compareValues(planned, python.value, ports);
};

const compareBlocked = (bench: boolean | undefined, python: PythonCall): Difference[] =>
  bench === undefined || bench === python.blocked
    ? []
    : [{ field: 'blocked', bench: String(bench), python: String(python.blocked) }];

/**
 * The call that released this one, 0 for none. How much a peer must read before a send goes on is the kernel's choice:
 * there it is the first read that came after the send began.
 */
const releaserOf = (planned: PlannedCall, calls: readonly PlannedCall[]): number => {
  if (planned.by < planned.id) return 0;
  const cause = calls.find(({ id }) => id === planned.by);
  if (!cause || !sends.has(planned.call.name)) return planned.by;
  const first = calls.find(
    ({ id, call }) => id > planned.id && call.on === cause.call.on && call.name === cause.call.name,
  );
  return first?.id ?? planned.by;
};

/** A call that another one released cannot end before that one began. */
const compareOrder = (
  planned: PlannedCall,
  calls: readonly PlannedCall[],
  others: ReadonlyMap<number, PythonCall>,
): Difference[] => {
  const ended = others.get(planned.id)?.ended;
  const releaser = releaserOf(planned, calls);
  const began = others.get(releaser)?.began;
  if (ended === undefined || began === undefined || began <= ended) return [];
  return [{ field: 'order', bench: `after call ${releaser} began`, python: 'before' }];
};

const excuseFor = (lab: Lab, { call }: PlannedCall, { field }: Difference): string | undefined =>
  lab.differs.find(
    excuse =>
      excuse.field === field && (excuse.call === call.name || excuse.call === `${call.on}.${call.name}`),
  )?.why;

export type Comparing = {
  readonly lab: Lab;
  readonly calls: readonly PlannedCall[];
  readonly steps: readonly Step[];
  readonly python: ReadonlyMap<number, PythonCall>;
  readonly ports: PortMap;
  /** When the event loop of the session beat, as LabRun has it. */
  readonly beats: readonly number[];
};

/** Compares each call of a session with the same call made by CPython. */
export const compareCalls = ({ lab, calls, steps, python, ports, beats }: Comparing): Compared[] => {
  const blocked = blockedInSession(calls, steps, beats);
  const made = [...new Set(steps.map(({ call }) => call))].sort((a, b) => a.id - b.id);
  return made.map(planned => {
    const title = formatCall(planned.call, 60);
    const other = python.get(planned.id);
    const found: Difference[] = other
      ? [
          ...compareEnds(planned, other, ports),
          ...compareOrder(planned, calls, python),
          ...compareBlocked(blocked.get(planned.id), other),
        ]
      : [{ field: 'value', bench: 'made', python: 'never made' }];
    const differences = found.map(difference => ({
      ...difference,
      why: excuseFor(lab, planned, difference),
    }));
    const open = differences.some(({ why }) => why === undefined);
    const verdict = differences.length === 0 ? 'equal' : open ? 'different' : 'excused';
    return { id: planned.id, title, verdict, differences };
  });
};

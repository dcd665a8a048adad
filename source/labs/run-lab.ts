import { t } from '../core/words/translate.ts';
import { callsInFlight } from './in-flight.ts';
import type { Lab } from './lab.ts';
import { createLabSession, type LabSession, type LabSessionOptions } from './lab-session.ts';
import { firstLack, type Lacks } from './needs.ts';
import { createTally, expectationsOf, type LabReport, type LineReport, type Tally } from './tally.ts';

export type RunLabOptions = Omit<LabSessionOptions, 'signal' | 'judgeTimes'> & {
  readonly signal: AbortSignal;
  readonly lacks: Lacks;
  /** Ends the lab in place of its own timeout: `after` is the time in words. */
  readonly deadline?: { readonly signal: AbortSignal; readonly after: string } | undefined;
  /** The last stage that is run, from 1; all where nothing is said. */
  readonly lastStage?: number | undefined;
  /** Hears of every line as it has been judged, a repeated one each time. */
  readonly hear?: (line: LineReport) => void;
};

const skippedWhole = (lab: Lab, why: string): LabReport => ({
  passed: 0,
  failed: 0,
  skipped: Math.max(
    1,
    lab.stages.reduce((sum, stage) => sum + expectationsOf(stage), 0),
  ),
  messages: [t`${lab.name}: skipped: ${why}`],
  lines: [],
});

const runStages = async (
  { lab, lacks, lastStage = lab.stages.length }: RunLabOptions,
  session: LabSession,
  tally: Tally,
): Promise<void> => {
  let entered = -1;
  for (let at = session.position(); at && at.stage < lastStage; at = session.position()) {
    const stage = lab.stages[at.stage]!;
    const why = at.stage > entered ? await firstLack(stage.needs, lacks) : null;
    entered = at.stage;
    if (why !== null) {
      tally.skipped(stage, at.stage + 1, why);
      session.skipStage();
      continue;
    }
    const result = await session.step();
    if (result) tally.judged(result);
    if (result?.verdict.refused) return;
  }
};

/** Runs a lab to its end without a screen. Rejects only where the outer signal is aborted. */
export const runLab = async (options: RunLabOptions): Promise<LabReport> => {
  const { lab, bench, signal, lacks, hear = () => {} } = options;
  const lack = await firstLack(lab.needs, lacks);
  if (lack !== null) return skippedWhole(lab, lack);
  const { deadline = { signal: AbortSignal.timeout(lab.timeout), after: `${lab.timeout / 1000}s` } } =
    options;
  const tally = createTally(lab, bench, hear);
  const session = await createLabSession({
    ...options,
    signal: AbortSignal.any([signal, deadline.signal]),
    judgeTimes: true,
  });
  try {
    await runStages(options, session, tally);
    for (const left of await session.leftOver()) tally.left(left);
  } catch (error) {
    if (signal.aborted) throw error;
    const at = session.position();
    const line = at ? lab.stages[at.stage]?.lines[at.line] : undefined;
    const late = t`not done within ${deadline.after}; ${callsInFlight(bench)}`;
    tally.broken(line?.row ?? 0, deadline.signal.aborted ? late : String(error));
  }
  return tally.report();
};

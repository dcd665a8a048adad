import type { Bench } from '../bench/bench.ts';
import { entryText, formatSeconds } from '../core/entry-text.ts';
import { type Line, parseLine } from '../core/line.ts';
import { callLabel } from '../core/wait.ts';
import type { Lab, Stage } from './lab.ts';
import { createLabSession, type LabSession, type LabSessionOptions, type StepResult } from './lab-session.ts';
import { firstLack, type Lacks } from './needs.ts';

/** Expectations of a lab: each line that holds one counts once, however often a stage repeats it. */
export type LabReport = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Messages for people: what failed and how, what was skipped and why. */
  readonly messages: readonly string[];
};

export type RunLabOptions = Omit<LabSessionOptions, 'signal' | 'judgeTimes'> & {
  readonly signal: AbortSignal;
  readonly lacks: Lacks;
};

/** Entries shown around a failure. */
const around = 8;

const holdsExpectation = (text: string): boolean => {
  const parsed = parseLine(text.replace(/\$\w+/g, '1'));
  const line: Line | null = parsed.ok ? parsed.value : null;
  if (line === null) return /=>|^\s*expect\b/.test(text);
  return line.kind === 'expect' || ('expectation' in line && line.expectation !== null);
};

const expectationsOf = (stage: Stage): number =>
  stage.lines.filter(({ text }) => holdsExpectation(text)).length;

const newestEntries = (bench: Bench): string[] => {
  const last = bench.journal.last();
  const entries = bench.journal.slice(last - 3 * around, last).filter(({ kind }) => kind !== 'checkpoint');
  return entries
    .slice(-around)
    .map(entry => `    #${entry.n}  ${formatSeconds(entry.t)}  ${entryText(entry)}`);
};

const failureText = (lab: Lab, bench: Bench, { line, verdict }: StepResult): string =>
  [
    `${lab.file}:${line.row}: FAILED ${line.text.trim()}`,
    `  ${verdict.reason}`,
    ...newestEntries(bench),
  ].join('\n');

const blockedCalls = (bench: Bench): string => {
  bench.flush();
  const calls = [...bench.state().calls.values()].map(
    call => `${callLabel(call)} ${call.startedAt === null ? 'queued' : 'blocked'}`,
  );
  return calls.length === 0 ? 'no call was in flight' : `in flight: ${calls.join(', ')}`;
};

const skippedWhole = (lab: Lab, why: string): LabReport => ({
  passed: 0,
  failed: 0,
  skipped: Math.max(
    1,
    lab.stages.reduce((sum, stage) => sum + expectationsOf(stage), 0),
  ),
  messages: [`${lab.name}: skipped: ${why}`],
});

/** More failures than this, and nothing of the lab works here. */
const mostFailures = 20;

/** Counts what became of the lines, by their rows: one that a stage repeats counts once, as failed where it ever failed. */
const createTally = (lab: Lab, bench: Bench) => {
  const passed = new Set<number>();
  const failed = new Set<number>();
  const unjudged = new Map<number, string>();
  const messages: string[] = [];
  let skipped = 0;
  return {
    skipped: (stage: Stage, number: number, why: string) => {
      skipped += expectationsOf(stage);
      messages.push(`${lab.name}: stage ${number} skipped: ${why}`);
    },
    /** Throws where there is no use in going on. */
    judged: (result: StepResult) => {
      const { row } = result.line;
      const { status, reason } = result.verdict;
      if (status === 'passed') passed.add(row);
      if (status === 'skipped') unjudged.set(row, reason);
      if (status !== 'failed') return;
      if (!failed.has(row)) messages.push(failureText(lab, bench, result));
      failed.add(row);
      if (failed.size > mostFailures) throw new Error(`more than ${mostFailures} expectations failed`);
    },
    /** The lab ended before its last line: a failure of its own. */
    broken: (row: number, what: string) => {
      failed.add(-row);
      messages.push([`${lab.file}:${row}: FAILED ${what}`, ...newestEntries(bench)].join('\n'));
    },
    report: (): LabReport => {
      for (const row of failed) passed.delete(row);
      for (const [row, why] of unjudged) messages.push(`${lab.file}:${row}: skipped: ${why}`);
      return { passed: passed.size, failed: failed.size, skipped: skipped + unjudged.size, messages };
    },
  };
};

type Tally = ReturnType<typeof createTally>;

const runStages = async ({ lab, lacks }: RunLabOptions, session: LabSession, tally: Tally): Promise<void> => {
  let entered = -1;
  for (let at = session.position(); at; at = session.position()) {
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
  }
};

/** Runs a lab to its end without a screen. Rejects only where the outer signal is aborted. */
export const runLab = async (options: RunLabOptions): Promise<LabReport> => {
  const { lab, bench, signal, lacks } = options;
  const lack = await firstLack(lab.needs, lacks);
  if (lack !== null) return skippedWhole(lab, lack);
  const timeout = AbortSignal.timeout(lab.timeout);
  const session = await createLabSession({
    ...options,
    signal: AbortSignal.any([signal, timeout]),
    judgeTimes: true,
  });
  const tally = createTally(lab, bench);
  try {
    await runStages(options, session, tally);
  } catch (error) {
    if (signal.aborted) throw error;
    const at = session.position();
    const row = at ? (lab.stages[at.stage]?.lines[at.line]?.row ?? 0) : 0;
    const late = `not done within ${lab.timeout / 1000}s; ${blockedCalls(bench)}`;
    tally.broken(row, timeout.aborted ? late : String(error));
  }
  return tally.report();
};

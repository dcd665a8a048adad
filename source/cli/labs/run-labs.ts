import type { Bench } from '../../bench/engine/bench.ts';
import { formatDuration } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import { readPayload } from '../../files/payload-file.ts';
import { findLab } from '../../labs/catalogue.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Lacks } from '../../labs/needs.ts';
import type { Permissions } from '../../labs/permit.ts';
import { runLab } from '../../labs/run-lab.ts';
import type { LabReport, LineReport } from '../../labs/tally.ts';
import { printEntries } from '../print-entries.ts';
import { caseOf, type Junit } from './junit-file.ts';
import type { Output } from './run-lines.ts';
import { type Counts, summary, summaryRecord, verdictRecord } from './run-report.ts';

export type RunLabsOptions = {
  readonly labs: readonly Lab[];
  /** Does the work on a bench of its own; answers its exit status. */
  readonly onBench: (lab: string, work: (bench: Bench) => Promise<number>) => Promise<number>;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly lacks: Lacks;
  readonly freePort: () => Promise<number>;
  readonly allowed: Permissions;
  /** ms for all labs together, in place of their own timeouts; null: those. */
  readonly timeout: number | null;
  /** The last stage that is run; undefined: all. */
  readonly lastStage: number | undefined;
  readonly junit: Junit;
};

/** Reads all labs before the first one runs: a file that is none stops the run, and nothing was opened. */
export const readLabs = async (names: readonly string[]): Promise<readonly Lab[] | string> => {
  const labs: Lab[] = [];
  for (const name of names) {
    const read = await findLab(name);
    if (!read.ok) return read.message;
    labs.push(read.lab);
  }
  return labs;
};

const noteSuite = ({ junit }: RunLabsOptions, lab: Lab, began: number, { lines }: LabReport): void =>
  junit.suite(
    lab.name,
    began,
    lines.map(line =>
      caseOf(
        line,
        `${lab.file}:${line.row}`,
        line.stage > 0 ? `sockbench run ${lab.source} --stage ${line.stage}` : `sockbench run ${lab.source}`,
      ),
    ),
  );

/** Ends all labs once the time is over; undefined where each has its own. */
const deadlineOf = (timeout: number | null) =>
  timeout === null
    ? undefined
    : { signal: AbortSignal.timeout(timeout), after: `${formatDuration(timeout)} (--timeout)` };

/** Runs labs one after the other, each on a bench of its own. Exit status 0, or 1 where an expectation failed. */
export const runLabs = async (options: RunLabsOptions): Promise<number> => {
  const { output, json } = options;
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const deadline = deadlineOf(options.timeout);
  for (const lab of options.labs) {
    if (deadline?.signal.aborted) {
      output.err(t`${lab.name}: not run: the time of --timeout is over`);
      continue;
    }
    const began = Date.now();
    const code = await options.onBench(lab.name, async bench => {
      printEntries(bench, json, output.out, lab.name);
      const hear = json ? (line: LineReport) => output.out(verdictRecord(line)) : undefined;
      const report = await runLab({
        ...options,
        lab,
        bench,
        readFile: readPayload,
        deadline,
        ...(hear && { hear }),
      });
      bench.flush();
      counts.passed += report.passed;
      counts.failed += report.failed;
      counts.skipped += report.skipped;
      for (const message of report.messages) output.err(message);
      if (json) output.out(summaryRecord(report, { lab: lab.name }));
      output.err(`${lab.name}: ${summary(report)}`);
      noteSuite(options, lab, began, report);
      return 0;
    });
    if (code !== 0) return code;
  }
  const code = counts.failed > 0 ? 1 : 0;
  if (json) {
    output.out(summaryRecord(counts, { exit: code }));
    output.err(summary(counts));
  } else output.out(summary(counts));
  return code;
};

import { readFile } from 'node:fs/promises';
import type { Bench } from '../bench/bench.ts';
import { findLab } from '../labs/catalogue.ts';
import type { Lab } from '../labs/lab.ts';
import type { Lacks } from '../labs/needs.ts';
import { runLab } from '../labs/run-lab.ts';
import { printEntries } from './print-entries.ts';
import { type Counts, type Output, summary } from './run-lines.ts';

export type RunLabsOptions = {
  readonly labs: readonly Lab[];
  /** Does the work on a bench of its own; answers its exit status. */
  readonly onBench: (lab: string, work: (bench: Bench) => Promise<number>) => Promise<number>;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly lacks: Lacks;
  readonly freePort: () => Promise<number>;
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

/** Runs labs one after the other, each on a bench of its own. Exit status 0, or 1 where an expectation failed. */
export const runLabs = async (options: RunLabsOptions): Promise<number> => {
  const { output, json } = options;
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const lab of options.labs) {
    const code = await options.onBench(lab.name, async bench => {
      printEntries(bench, json, output.out, lab.name);
      const report = await runLab({ ...options, lab, bench, readFile });
      counts.passed += report.passed;
      counts.failed += report.failed;
      counts.skipped += report.skipped;
      for (const message of report.messages) output.err(message);
      output.err(`${lab.name}: ${summary(report)}`);
      return 0;
    });
    if (code !== 0) return code;
  }
  if (json) output.err(summary(counts));
  else output.out(summary(counts));
  return counts.failed > 0 ? 1 : 0;
};

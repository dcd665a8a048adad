import type { Bench } from '../bench/engine/bench.ts';
import { entryText, formatSeconds } from '../core/words/entry-text.ts';
import { t } from '../core/words/translate.ts';
import type { Lab, Stage } from './lab.ts';
import type { StepResult } from './lab-session.ts';
import { expectationText } from './line-words.ts';
import type { LeftOver } from './unwaited-calls.ts';
import type { Verdict } from './verdict.ts';

/** What became of one line of a lab. `row` from 1; 0 where the lab has none for it. */
export type LineReport = {
  readonly row: number;
  readonly text: string;
  /** From 1. */
  readonly stage: number;
  readonly status: Verdict['status'];
  /** What stands behind `=>` or `expect`; '' for nothing. */
  readonly expected: string;
  readonly found: string;
  readonly reason: string;
};

/** Expectations of a lab: each line that holds one counts once, however often a stage repeats it. */
export type LabReport = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Messages for people: what failed and how, what was skipped and why. */
  readonly messages: readonly string[];
  /** The lines that were judged, by their rows: of a repeated one the first round that failed, else the last. */
  readonly lines: readonly LineReport[];
};

/** Entries shown around a failure. */
const around = 8;

/** More failures than this, and nothing of the lab works here. */
const mostFailures = 20;

const newestEntries = (bench: Bench): string[] => {
  const last = bench.journal.last();
  const entries = bench.journal.slice(last - 3 * around, last).filter(({ kind }) => kind !== 'checkpoint');
  return entries
    .slice(-around)
    .map(entry => `    #${entry.n}  ${formatSeconds(entry.t)}  ${entryText(entry)}`);
};

export const expectationsOf = (stage: Stage): number =>
  stage.lines.filter(({ text }) => expectationText(text) !== '').length;

const stageOf = (lab: Lab, row: number): number =>
  lab.stages.findIndex(({ lines }) => lines.some(line => line.row === row)) + 1;

/** Counts what became of the lines, by their rows: one that a stage repeats counts once, as failed where it ever failed. */
export const createTally = (lab: Lab, bench: Bench, hear: (line: LineReport) => void) => {
  const lines = new Map<number, LineReport>();
  const messages: string[] = [];
  let skipped = 0;
  let failures = 0;

  const take = (line: LineReport): void => {
    hear(line);
    const before = lines.get(line.row);
    if (before?.status === 'failed') return;
    lines.set(line.row, line);
    if (line.status !== 'failed') return;
    failures++;
    const again = line.stage > 0 ? [t`    again: sockbench run ${lab.source} --stage ${line.stage}`] : [];
    messages.push(
      [
        `${lab.file}:${line.row}: ${t('FAILED')} ${line.text.trim()}`,
        `  ${line.reason}`,
        ...newestEntries(bench),
        ...again,
      ].join('\n'),
    );
  };

  const lineOf = (row: number, text: string, { status, found, reason }: Verdict): LineReport => ({
    row,
    text,
    stage: stageOf(lab, row),
    status,
    expected: expectationText(text),
    found,
    reason,
  });

  const count = (status: Verdict['status']): number =>
    [...lines.values()].filter(line => line.status === status).length;

  return {
    skipped: (stage: Stage, number: number, why: string) => {
      skipped += expectationsOf(stage);
      messages.push(t`${lab.name}: stage ${number} skipped: ${why}`);
    },
    /** Throws where there is no use in going on. */
    judged: ({ line, verdict }: StepResult) => {
      take(lineOf(line.row, line.text, verdict));
      if (failures > mostFailures) throw new Error(t`more than ${mostFailures} expectations failed`);
    },
    left: ({ origin, verdict }: LeftOver) => take(lineOf(origin.row, origin.text, verdict)),
    /** The lab ended before its last line: a failure of its own. */
    broken: (row: number, what: string) => {
      const line = lineOf(row, '', { status: 'failed', found: what, reason: what, call: 0 });
      hear(line);
      lines.set(-1, line);
      messages.push([`${lab.file}:${row}: ${t('FAILED')} ${what}`, ...newestEntries(bench)].join('\n'));
    },
    report: (): LabReport => {
      for (const { row, status, reason } of lines.values())
        if (status === 'skipped') messages.push(t`${lab.file}:${row}: skipped: ${reason}`);
      return {
        passed: count('passed'),
        failed: count('failed'),
        skipped: skipped + count('skipped'),
        messages,
        lines: [...lines.values()].filter(({ status }) => status !== 'done'),
      };
    },
  };
};

export type Tally = ReturnType<typeof createTally>;

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Bench } from '../bench/bench.ts';
import { explain as explainFailure } from '../core/errors.ts';
import { checkLines, createScript, type ScriptResult } from '../labs/script.ts';
import { printEntries } from './print-entries.ts';

export type Output = {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
};

export type Counts = { passed: number; failed: number; skipped: number };

/** The plain closing line. */
export const summary = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

export type RunLinesOptions = {
  readonly bench: Bench;
  readonly lines: AsyncIterable<string> | Iterable<string>;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly output: Output;
};

const caret = (text: string, column: number): string => `  ${text}\n  ${' '.repeat(column)}^`;

const explain = (text: string, message: string, column: number): string =>
  `${message}\n${caret(text, column)}`;

/** Checks all lines that are known beforehand, before anything is opened. null: all well. */
export const refuseLines = (lines: readonly string[]): string | null => {
  const wrong = checkLines(lines);
  if (!wrong) return null;
  const { index, refused } = wrong;
  return `line ${index + 1}: ${explain(lines[index] ?? '', refused.message, refused.column)}`;
};

/** A call that failed where nobody expected anything: why, and what to try. */
const advice = ({ line, verdict, outcome }: ScriptResult): string | null => {
  if (verdict.status !== 'done' || line.kind !== 'call' || outcome?.kind !== 'error') return null;
  const { layer, python, sentence, advice: way } = explainFailure(outcome, line.call);
  return [`${[layer, python].filter(Boolean).join(', ')}: ${sentence}`, way].filter(Boolean).join('; ');
};

/** Runs lines one after the other. Exit status: 0, 1 where an expectation failed, 2 where a line is none. */
export const runLines = async ({ bench, lines, json, signal, output }: RunLinesOptions): Promise<number> => {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  printEntries(bench, json, output.out);
  const script = createScript({ bench, signal, judgeTimes: true, readFile });
  let bad = false;
  for await (const text of lines) {
    const result = await script.run(text);
    bench.flush();
    if ('ok' in result) {
      output.err(explain(text, result.message, result.column));
      bad = true;
      break;
    }
    const { verdict } = result;
    const said = advice(result);
    if (said !== null) output.err(said);
    if (verdict.status === 'passed') counts.passed++;
    if (verdict.status === 'skipped') counts.skipped++;
    if (verdict.status === 'failed') {
      counts.failed++;
      output.err(`FAILED ${text.trim()}\n  ${verdict.reason}`);
    }
  }
  await bench.dispose();
  if (json) output.err(summary(counts));
  else output.out(summary(counts));
  if (bad) return 2;
  return counts.failed > 0 ? 1 : 0;
};

/**
 * Lines of standard input, as they come. Reading begins with the first line asked for: an interface reads at once, and
 * what it reads before somebody iterates is lost (Node's readline documentation).
 */
export async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

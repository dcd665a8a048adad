import type { Bench } from '../../bench/engine/bench.ts';
import { systemClock } from '../../bench/engine/clock.ts';
import { innerLine, type Line } from '../../core/language/line.ts';
import { formatDuration } from '../../core/language/units.ts';
import { explain as explainFailure } from '../../core/words/errors.ts';
import { t } from '../../core/words/translate.ts';
import { callItself } from '../../labs/in-flight.ts';
import { expectationText } from '../../labs/line-words.ts';
import { checkLines, createScript, type ScriptResult } from '../../labs/script.ts';
import type { LineReport } from '../../labs/tally.ts';
import type { Verdict } from '../../labs/verdict.ts';
import { printEntries } from '../print-entries.ts';
import { excerpt } from '../sessions/excerpt.ts';
import { type Counts, summary, summaryRecord, verdictRecord } from './run-report.ts';

export type Output = {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
};

export type RunLinesOptions = {
  readonly bench: Bench;
  readonly lines: AsyncIterable<string> | Iterable<string>;
  readonly json: boolean;
  /** Goes on behind an error that no line expects. */
  readonly keepGoing: boolean;
  /** ms for all lines; null: a minute for each. */
  readonly timeout: number | null;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Hears of every line that was judged. */
  readonly hear: (line: LineReport) => void;
};

/** As long as one line may wait, where nothing is said of the whole run; what a line itself says comes on top. */
const lineLimit = 60_000;

const explain = (text: string, message: string, column: number): string =>
  `${message}\n${excerpt(text, column)}`;

/** Checks all lines that are known beforehand, before anything is opened. null: all well. */
export const refuseLines = (lines: readonly string[]): string | null => {
  const wrong = checkLines(lines);
  if (!wrong) return null;
  const { index, refused } = wrong;
  return t`line ${index + 1}: ${explain(lines[index] ?? '', refused.message, refused.column)}`;
};

/** A call that failed where nobody expected anything: why, and what to try. */
const advice = ({ line, verdict, outcome }: ScriptResult): string | null => {
  const inner = innerLine(line);
  if (!verdict.unexpected || inner.kind !== 'call' || outcome?.kind !== 'error') return null;
  const { layer, python, sentence, advice: way } = explainFailure(outcome, inner.call);
  const names = [layer, python].filter(Boolean).join(', ');
  return [t`${names}: ${sentence}`, way].filter(Boolean).join(t('; '));
};

/** Times that a line itself asks for, in ms: it may wait as long as it says. */
const ownTime = (line: Line): number => {
  if (line.kind === 'sleep') return line.ms;
  if (line.kind === 'until') return line.within ?? 0;
  if (line.kind !== 'expect') return 'expectation' in line ? (line.expectation?.span?.to ?? 0) : 0;
  return (line.claim.within ?? 0) + ('for' in line.claim ? (line.claim.for ?? 0) : 0);
};

/** Ends a run that takes too long: as a whole, or in one line. */
const createWatch = (timeout: number | null) => {
  const controller = new AbortController();
  const abortAfter = (ms: number) => systemClock.deadline(ms, () => controller.abort());
  const stopWhole = timeout === null ? () => {} : abortAfter(timeout);
  let rest = () => {};
  let limit = timeout ?? lineLimit;
  return {
    signal: controller.signal,
    limit: () => limit,
    begin: (one: Line) => {
      if (timeout !== null) return;
      rest();
      limit = lineLimit + ownTime(one);
      rest = abortAfter(limit);
    },
    rest: () => rest(),
    stop: () => {
      rest();
      stopWhole();
    },
  };
};

/** The next line, or null at the end; rejects when the signal is aborted. */
const createReader = (lines: RunLinesOptions['lines'], signal: AbortSignal) => {
  const iterator = Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
  return async (): Promise<string | null> => {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { done, value } = await Promise.race([iterator.next(), aborted]);
      return done ? null : value;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
};

/** Counts the lines that were judged, and tells of each. A line counts once: it has failed where it ever did. */
const createJudgedLines = ({ json, output, hear }: RunLinesOptions) => {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const passed = new Set<number>();
  const judged = (text: string, row: number, { status, found, reason }: Verdict): void => {
    if (passed.delete(row)) counts.passed--;
    if (status === 'passed') passed.add(row);
    if (status !== 'done') counts[status]++;
    const report = { row, text, stage: 0, status, expected: expectationText(text), found, reason };
    if (json && text.trim() !== '') output.out(verdictRecord(report));
    hear(report);
  };
  return { counts, judged };
};

/**
 * Runs lines one after the other. Exit status: 0; 1 where an expectation failed, an error came that no line expects, or the
 * time ran out; 2 where a line is none.
 */
export const runLines = async (options: RunLinesOptions): Promise<number> => {
  const { bench, json, keepGoing, output } = options;
  const { counts, judged } = createJudgedLines(options);
  const watch = createWatch(options.timeout);
  const signal = AbortSignal.any([options.signal, watch.signal]);
  printEntries(bench, json, output.out);
  const script = createScript({ ...options, signal, judgeTimes: true, onRound: watch.begin });
  const read = createReader(options.lines, signal);
  let row = 0;
  let current = '';
  let bad = false;

  const failed = (text: string, reason: string, lead = ''): void =>
    output.err(`${lead}${t('FAILED')} ${text.trim()}\n  ${reason}`);

  const runAll = async (): Promise<void> => {
    for (let text = await read(); text !== null; text = await read()) {
      row++;
      current = text;
      const result = await script.run(text, row);
      watch.rest();
      bench.flush();
      if ('ok' in result) {
        output.err(explain(text, result.message, result.column));
        bad = true;
        return;
      }
      const { verdict } = result;
      judged(text, row, verdict);
      current = '';
      if (verdict.status !== 'failed') continue;
      failed(text, verdict.reason);
      const said = advice(result);
      if (said !== null) output.err(said);
      if (verdict.unexpected && !keepGoing) return;
    }
  };

  try {
    await runAll();
    for (const { origin, verdict } of bad ? [] : await script.leftOver()) {
      bench.flush();
      judged(origin.text, origin.row, verdict);
      failed(origin.text, verdict.reason, t`line ${origin.row}: `);
    }
  } catch (error) {
    if (options.signal.aborted || !watch.signal.aborted) throw error;
    const where = current === '' ? t('waiting for the next line') : callItself(bench);
    const reason = t`not done within ${formatDuration(watch.limit())}: ${where} (--timeout TIME says how long a run may take)`;
    judged(current, row, { status: 'failed', found: reason, reason, call: 0 });
    failed(current, reason, t`line ${row}: `);
  } finally {
    watch.stop();
  }
  await bench.dispose();
  const code = bad ? 2 : counts.failed > 0 ? 1 : 0;
  if (json) {
    output.out(summaryRecord(counts, { exit: code }));
    output.err(summary(counts));
  } else output.out(summary(counts));
  return code;
};

import type { Bench } from '../../bench/engine/bench.ts';
import type { BenchOptions } from '../../bench/engine/bench-options.ts';
import { createBench } from '../../bench/engine/create-bench.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { parseDuration } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import { nodeMachine } from '../../drivers/node/node-machine.ts';
import { chooseEnds } from '../../drivers/system/capabilities.ts';
import { freePort } from '../../drivers/system/free-port.ts';
import { readPayload } from '../../files/payload-file.ts';
import type { LineReport } from '../../labs/tally.ts';
import { onSignals } from '../on-signals.ts';
import { complain, print } from '../print.ts';
import { startRecording } from '../sessions/recording.ts';
import { caseOf, type Junit, openJunit } from './junit-file.ts';
import { lacks, lacksBesidesPeer } from './lacks.ts';
import { lessonPrograms } from './lesson-programs.ts';
import { linesOf } from './lines-of.ts';
import { readLabs, runLabs } from './run-labs.ts';
import { type Output, refuseLines, runLines } from './run-lines.ts';

const output: Output = {
  out: print,
  err: complain,
};

/** A bench on the real kernel whose loops are off: the lines make every call. Without `peers` it looks at nobody who is connected to it. */
export const headlessBench = (looks: Pick<BenchOptions, 'peers'> = {}): Bench =>
  createBench({
    ...nodeMachine(),
    programs: lessonPrograms,
    ...looks,
    loops: { accept: false, receive: false },
  });

export type RunFlags = {
  readonly execute?: readonly string[];
  readonly json?: boolean;
  readonly record?: string;
  readonly keepGoing?: boolean;
  readonly timeout?: string;
  readonly junit?: string;
  readonly stage?: string;
  readonly allowNet?: boolean;
  readonly allowRead?: boolean;
  readonly allowRun?: boolean;
  /** A peer outside is at hand: labs that need one run. */
  readonly withPeer?: boolean;
};

/** The flags once they are read. */
type Run = Omit<RunFlags, 'timeout' | 'stage'> & {
  /** ms; null where nothing is said. */
  readonly timeout: number | null;
  readonly stage: number | undefined;
};

type Work = (signal: AbortSignal, junit: Junit) => Promise<number>;

/** Does the work on a bench of its own, recorded where a file was named, and closes both. */
const onBench = async (
  record: string | undefined,
  lab: string | undefined,
  work: (bench: Bench) => Promise<number>,
) => {
  const bench = headlessBench();
  const recording = record === undefined ? null : await startRecording(bench, record, lab);
  if (typeof recording === 'string') {
    output.err(`sockbench run: ${recording}`);
    return 2;
  }
  try {
    // The self-test keeps this thread busy, and the first socket() would seem to take as long.
    await chooseEnds('native').settle();
    return await work(bench);
  } finally {
    await bench.dispose();
    await recording?.stop();
  }
};

const fromLines =
  (lines: Iterable<string> | AsyncIterable<string>, run: Run): Work =>
  (signal, junit) =>
    onBench(run.record, undefined, async bench => {
      const { json = false, keepGoing = false, timeout } = run;
      const began = Date.now();
      const judged: LineReport[] = [];
      const hear = (line: LineReport) => {
        if (line.status !== 'done') judged.push(line);
      };
      const code = await runLines({
        bench,
        lines,
        json,
        keepGoing,
        timeout,
        signal,
        output,
        readFile: readPayload,
        hear,
      });
      junit.suite(
        'lines',
        began,
        judged.map(line => caseOf(line, `line ${line.row}`, '')),
      );
      return code;
    });

/** A port of 127.0.0.1 that nobody has. */
export const localPort = async (): Promise<number> => {
  const port = await freePort('127.0.0.1');
  if (port === null) throw new Error(t('127.0.0.1 has no free port'));
  return port;
};

const fromLabs = async (names: readonly string[], run: Run): Promise<Work | string> => {
  const { record, stage, withPeer } = run;
  if (record !== undefined && names.length > 1)
    return t`--record ${record} keeps one lab's session: name one lab`;
  if (stage !== undefined && names.length > 1) return t`--stage ${stage} is of one lab: name one lab`;
  const labs = await readLabs(names);
  if (typeof labs === 'string') return labs;
  const stages = labs[0]?.stages.length ?? 0;
  if (stage !== undefined && stage > stages)
    return stages === 1
      ? t`--stage ${stage}: ${names[0]} has 1 stage`
      : t`--stage ${stage}: ${names[0]} has ${stages} stages`;
  return (signal, junit) =>
    runLabs({
      labs,
      onBench: (lab, work) => onBench(record, lab, work),
      json: run.json ?? false,
      signal,
      output,
      lacks: withPeer ? lacksBesidesPeer : lacks,
      freePort: localPort,
      allowed: {
        net: run.allowNet ?? false,
        read: run.allowRead ?? false,
        run: run.allowRun ?? false,
      },
      timeout: run.timeout,
      lastStage: stage,
      junit,
    });
};

/** What there is to run, or why there is nothing. */
const workOf = async (sources: readonly string[], run: Run): Promise<Work | string> => {
  const { execute, stage } = run;
  if (execute && sources.length > 0) return t`-e LINE... and ${sources[0]} exclude each other: leave one out`;
  const isLab = sources.length > 0 && !sources.includes('-');
  if (stage !== undefined && !isLab) return t`--stage ${stage} is of a lab: name one`;
  if (execute) return refuseLines(execute) ?? fromLines(execute, run);
  if (sources.length === 0)
    return t('nothing to run: name a lab, or give -e LINE..., or - for standard input');
  if (isLab) return fromLabs(sources, run);
  if (sources.length > 1)
    return t('- reads lines from standard input and stands alone: leave the others out');
  return fromLines(linesOf(process.stdin), run);
};

/** The flags' values, or what is wrong with one. */
const readFlags = (flags: RunFlags): Run | string => {
  const timeout = flags.timeout === undefined ? null : parseDuration(flags.timeout);
  if (timeout !== null && !timeout.ok) return `--timeout: ${timeout.message}`;
  const stage =
    flags.stage === undefined ? undefined : /^[1-9]\d{0,5}$/.test(flags.stage) && Number(flags.stage);
  if (stage === false) return t`--stage: ${safeText(flags.stage ?? '')} is no stage: write a number from 1`;
  return { ...flags, timeout: timeout?.value ?? null, stage };
};

/** Runs what the flags say, and writes down what it came to. */
const perform = async (sources: readonly string[], flags: RunFlags, signal: AbortSignal): Promise<number> => {
  const refused = (why: string): number => {
    output.err(`sockbench run: ${why}`);
    return 2;
  };
  const run = readFlags(flags);
  if (typeof run === 'string') return refused(run);
  const work = await workOf(sources, run);
  if (typeof work === 'string') return refused(work);
  const junit = await openJunit(flags.junit);
  if (typeof junit === 'string') return refused(`--junit: ${junit}`);
  const code = await work(signal, junit);
  const trouble = await junit.write();
  return trouble === null ? code : refused(`--junit: ${trouble}`);
};

/** `sockbench run`: labs by name or file, lines given with -e, or lines from standard input. */
export const runHeadless = async (sources: readonly string[], flags: RunFlags): Promise<number> => {
  const controller = new AbortController();
  const signals = onSignals(controller);
  controller.signal.addEventListener('abort', () => process.stdin.destroy());
  try {
    const status = await perform(sources, flags, controller.signal);
    return signals.code() ?? status;
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
  }
};

import type { Bench } from '../bench/bench.ts';
import { createBench } from '../bench/create-bench.ts';
import { chooseEnds } from '../drivers/capabilities.ts';
import { freePort } from '../drivers/free-port.ts';
import { nodeMachine } from '../drivers/node-machine.ts';
import { lacks } from './lacks.ts';
import { startRecording } from './recording.ts';
import { readLabs, runLabs } from './run-labs.ts';
import { linesOf, type Output, refuseLines, runLines } from './run-lines.ts';
import { signalCodes } from './terminal.ts';

const output: Output = {
  out: line => {
    process.stdout.write(`${line}\n`);
  },
  err: line => {
    process.stderr.write(`${line}\n`);
  },
};

/** A bench on the real kernel whose loops are off: the lines make every call. */
export const headlessBench = (): Bench =>
  createBench({
    ...nodeMachine(),
    loops: { accept: false, receive: false },
  });

/** Aborts on Ctrl-C and on the signals that end a program; answers the exit status that tells which. */
const onSignals = (controller: AbortController) => {
  let code: number | null = null;
  const stops = Object.entries(signalCodes).map(([signal, value]) => {
    const listener = () => {
      code = value;
      controller.abort(new Error(`stopped by ${signal}`));
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  return {
    code: () => code,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
};

export type RunFlags = {
  readonly execute?: readonly string[];
  readonly json?: boolean;
  readonly record?: string;
};

type Work = (signal: AbortSignal) => Promise<number>;

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
  (lines: Iterable<string> | AsyncIterable<string>, json: boolean, record?: string): Work =>
  signal =>
    onBench(record, undefined, bench => runLines({ bench, lines, json, signal, output }));

/** A port of 127.0.0.1 that nobody has. */
export const localPort = async (): Promise<number> => {
  const port = await freePort('127.0.0.1');
  if (port === null) throw new Error('127.0.0.1 has no free port');
  return port;
};

const fromLabs = async (names: readonly string[], json: boolean, record?: string): Promise<Work | string> => {
  if (record !== undefined && names.length > 1)
    return `--record ${record} keeps one lab's session: name one lab`;
  const labs = await readLabs(names);
  if (typeof labs === 'string') return labs;
  return signal =>
    runLabs({
      labs,
      onBench: (lab, work) => onBench(record, lab, work),
      json,
      signal,
      output,
      lacks,
      freePort: localPort,
    });
};

/** What there is to run, or why there is nothing. */
const workOf = async (
  sources: readonly string[],
  { execute, json = false, record }: RunFlags,
): Promise<Work | string> => {
  if (execute && sources.length > 0) return `-e LINE... and ${sources[0]} exclude each other: leave one out`;
  if (execute) return refuseLines(execute) ?? fromLines(execute, json, record);
  if (sources.length === 0) return 'nothing to run: name a lab, or give -e LINE..., or - for standard input';
  if (!sources.includes('-')) return fromLabs(sources, json, record);
  if (sources.length > 1) return '- reads lines from standard input and stands alone: leave the others out';
  return fromLines(linesOf(process.stdin), json, record);
};

/** `sockbench run`: labs by name or file, lines given with -e, or lines from standard input. */
export const runHeadless = async (sources: readonly string[], flags: RunFlags): Promise<number> => {
  const work = await workOf(sources, flags);
  if (typeof work === 'string') {
    output.err(`sockbench run: ${work}`);
    return 2;
  }
  const controller = new AbortController();
  const signals = onSignals(controller);
  controller.signal.addEventListener('abort', () => process.stdin.destroy());
  try {
    return await work(controller.signal);
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
  }
};

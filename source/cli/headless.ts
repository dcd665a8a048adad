import { createBench } from '../bench/create-bench.ts';
import type { Bench } from '../bench/bench.ts';
import { createObserver } from '../drivers/kernel-observer.ts';
import { createNodeDriver } from '../drivers/node-driver.ts';
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
    driver: notice => createNodeDriver({ notice }),
    observer: createObserver({}),
    loops: { accept: false, receive: false },
  });

/** Aborts on Ctrl-C and on the signals that end a program; answers the exit status that tells which. */
const onSignals = (controller: AbortController): { readonly code: () => number | null; readonly stop: () => void } => {
  let code: number | null = null;
  const stops = Object.entries(signalCodes).map(([signal, value]) => {
    const listener = () => {
      code = value;
      controller.abort(new Error(`stopped by ${signal}`));
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  return { code: () => code, stop: () => stops.forEach(stop => stop()) };
};

const usage = (message: string): number => {
  output.err(`sockbench run: ${message}`);
  return 2;
};

/** `sockbench run`: lines given with -e, or read from standard input. */
export const runHeadless = async (
  sources: readonly string[],
  { execute, json = false }: { readonly execute?: readonly string[]; readonly json?: boolean },
): Promise<number> => {
  const [source, ...more] = sources;
  if (execute && source !== undefined) return usage(`-e LINE... and ${source} exclude each other: leave one out`);
  if (more.length > 0) return usage(`one source of lines at a time, not also ${more.join(', ')}`);
  if (!execute && source === undefined) return usage('says nothing to run: give -e LINE..., or - for standard input');
  if (source !== undefined && source !== '-') return usage(`${source} is no source of lines: give -e LINE..., or - for standard input`);
  const refusal = execute ? refuseLines(execute) : null;
  if (refusal) {
    output.err(refusal);
    return 2;
  }
  const controller = new AbortController();
  const signals = onSignals(controller);
  const bench = headlessBench();
  try {
    const lines = execute ?? linesOf(process.stdin);
    return await runLines({ bench, lines, json, signal: controller.signal, output });
  } catch (error) {
    await bench.dispose();
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
  }
};

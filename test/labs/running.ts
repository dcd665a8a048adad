import { onTestFinished } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { lessonPrograms } from '../../source/cli/labs/lesson-programs.ts';
import type { Observer } from '../../source/core/model/observer.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { readLab } from '../../source/labs/read-lab.ts';
import { type RunLabOptions, runLab } from '../../source/labs/run-lab.ts';
import type { LabReport } from '../../source/labs/tally.ts';

/** A lab's text: its header, and one stage for each block of lines. */
export const labText = (header: string, ...blocks: readonly string[]): string => {
  const stages = blocks.map(block => {
    const lines = block.trim().split('\n');
    return `  - do: |\n${lines.map(line => `      ${line.trim()}`).join('\n')}\n`;
  });
  return `lab: test\ntitle: A test\n${header}${header === '' ? '' : '\n'}stages:\n${stages.join('')}`;
};

export const labOf = async (text: string): Promise<Lab> => {
  const read = await readLab(text, 'test.yaml');
  if (!read.ok) throw new Error(read.message);
  return read.lab;
};

/** A bench on real sockets as `sockbench run` has it; to be disposed of. */
export const openBench = (observer?: Observer): Bench => {
  const machine = nodeMachine();
  return createBench({
    driver: machine.driver,
    observer: observer ?? machine.observer,
    programs: lessonPrograms,
    loops: { accept: false, receive: false },
  });
};

/** The same, closed when the test is over. */
export const realBench = (observer?: Observer): Bench => {
  const bench = openBench(observer);
  onTestFinished(() => bench.dispose());
  return bench;
};

export const localPort = async (): Promise<number> => {
  const port = await freePort('127.0.0.1');
  if (port === null) throw new Error('127.0.0.1 has no free port');
  return port;
};

export type Run = { readonly report: LabReport; readonly bench: Bench };

/** Runs a lab on a bench of its own, which is closed then, or on the one given. */
export const run = async (lab: Lab, options: Partial<RunLabOptions> = {}): Promise<Run> => {
  const bench = options.bench ?? openBench();
  try {
    const report = await runLab({
      lab,
      bench,
      signal: new AbortController().signal,
      lacks,
      freePort: localPort,
      readFile: () => Promise.reject(new Error('no files here')),
      ...options,
    });
    return { report, bench };
  } finally {
    if (!options.bench) await bench.dispose();
  }
};

/** Runs a lab of these stages. */
export const runText = async (header: string, ...blocks: readonly string[]): Promise<Run> =>
  run(await labOf(labText(header, ...blocks)));

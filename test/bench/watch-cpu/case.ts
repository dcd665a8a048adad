import { join } from 'node:path';
import { familyOf, type Running, startProgram } from '../../traces/programs.ts';
import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

const holders = join(import.meta.dirname, '../why/holders.py');

/** Looks with news that a run takes: 20, a few where only its working is tried. */
const looksFor = (size: number): number => Math.max(2, Math.round(size / 50));

let running: Running | null = null;

/** Who holds the sockets, started with the first run, since that knows how many there are to be. */
const started = async (size: number): Promise<Running> => {
  if (running) return running;
  running = startProgram('python3', [holders, String(size), 'busy']);
  await running.printed(/ready/);
  return running;
};

const mainThread: Contender = {
  name: 'main thread',
  run: async size => {
    const { pid } = await started(size);
    const peer = subject('watch-cpu/sockbench.ts', [looksFor(size), ...familyOf(pid)]);
    return stopping([peer], () => resultOf(peer));
  },
};

export const watchCpu: BenchCase = {
  name: 'watch-cpu',
  what: 'CPU of the main thread a look of watch at 20 processes and 1,000 sockets, the queues of all of which have changed',
  unit: 'ms',
  better: 'less',
  rounds: 5,
  size: 1_000,
  tinySize: 20,
  contenders: [mainThread],
  aims: [{ of: mainThread.name, limit: 10 }],
  after: async () => {
    await running?.stop();
    running = null;
  },
};

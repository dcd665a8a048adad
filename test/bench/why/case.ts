import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import { familyOf, type Running, startProgram } from '../../traces/programs.ts';
import type { BenchCase, Contender } from '../case.ts';

const program = join(projectFolder, 'bin/sockbench.cjs');
const holders = join(import.meta.dirname, 'holders.py');

let running: Running | null = null;

/** Who holds the sockets, started with the first run, since that knows how many there are to be. */
const started = async (size: number): Promise<Running> => {
  if (running) return running;
  running = startProgram('python3', [holders, String(size)]);
  await running.printed(/ready/);
  return running;
};

/** Milliseconds that a command takes, from its start to its end. */
const timeOf = (command: string, args: readonly string[]): Promise<number> => {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 2 ** 26 }, error => {
      if (error) reject(error);
      else resolve(performance.now() - began);
    });
  });
};

const plainNode = (): Promise<number> => timeOf(process.execPath, ['-e', '0']);

const contender = (name: string, run: (pids: readonly string[]) => Promise<number>): Contender => ({
  name,
  run: async size => {
    const { pid } = await started(size);
    return run(familyOf(pid).map(String));
  },
});

export const why: BenchCase = {
  name: 'why',
  what: 'one look at 20 processes with 1,000 sockets, from start to end',
  unit: 'ms',
  better: 'less',
  rounds: 9,
  size: 1_000,
  tinySize: 20,
  contenders: [
    contender('sockbench why', pids => timeOf(process.execPath, [program, 'why', ...pids])),
    contender('beyond node -e 0', async pids => {
      const node = await plainNode();
      return Math.max(0.1, (await timeOf(process.execPath, [program, 'why', ...pids])) - node);
    }),
    contender('ss -tnp', () => timeOf('ss', ['-tnp'])),
    contender('node -e 0', plainNode),
  ],
  aims: [{ of: 'beyond node -e 0', limit: 50 }],
  before: async () => ensureBuilt(),
  after: async () => {
    await running?.stop();
    running = null;
  },
};

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import { familyOf, type Running, startProgram } from '../../traces/programs.ts';
import type { BenchCase, Contender } from '../case.ts';

const program = join(projectFolder, 'bin/sockbench.cjs');
const holders = join(import.meta.dirname, 'holders.py');

const knots = join(projectFolder, 'test/traces/knots.py');

let running: Running | null = null;
let deadlock: Running | null = null;

/** Who holds the sockets, started with the first run, since that knows how many there are to be. */
const started = async (size: number): Promise<Running> => {
  if (running) return running;
  running = startProgram('python3', [holders, String(size)]);
  await running.printed(/ready/);
  return running;
};

/** Milliseconds that a command takes, from its start to its end. */
const timeOf = (command: string, args: readonly string[], status = 0): Promise<number> => {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 2 ** 26 }, error => {
      if (Number(error?.code ?? 0) !== status) reject(error ?? new Error(`${command} ended with 0`));
      else resolve(performance.now() - began);
    });
  });
};

const verdictOn = ({ pid }: Running): Promise<number> =>
  timeOf(process.execPath, [program, 'why', String(pid)], 3);

/** Two processes, both in a receive by the time that it resolves. */
const deadlocked = async (): Promise<Running> => {
  if (deadlock) return deadlock;
  const both = startProgram('python3', [knots, 'both-recv']);
  deadlock = both;
  await both.printed(/(?:process \d+\s+){2}/);
  const isSeen = () =>
    verdictOn(both).then(
      () => true,
      () => false,
    );
  while (!(await isSeen()));
  return both;
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
  rounds: 11,
  size: 1_000,
  tinySize: 20,
  contenders: [
    contender('sockbench why', pids => timeOf(process.execPath, [program, 'why', ...pids])),
    contender('beyond node -e 0', async pids => {
      const node = await plainNode();
      return Math.max(0.1, (await timeOf(process.execPath, [program, 'why', ...pids])) - node);
    }),
    {
      name: 'a deadlock of two, from the start to the verdict',
      run: async () => verdictOn(await deadlocked()),
    },
    contender('ss -tnp', () => timeOf('ss', ['-tnp'])),
    contender('node -e 0', plainNode),
  ],
  aims: [
    { of: 'beyond node -e 0', limit: 50 },
    { of: 'a deadlock of two, from the start to the verdict', limit: 500 },
  ],
  before: async () => ensureBuilt(),
  after: async () => {
    await running?.stop();
    await deadlock?.stop();
    running = null;
    deadlock = null;
  },
};

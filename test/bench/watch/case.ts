import { ensureBuilt } from '../../e2e/terminal.ts';
import { openWorkbench } from '../../e2e/workbench.ts';
import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

/** What an echo pair exchanges a second; `beside` starts once it is there, and ends with it. */
const exchanges = async (size: number, beside: (pid: string) => Promise<() => Promise<unknown>>) => {
  const pair = subject('peers/echo-pair.py', [size, 'held']);
  return stopping([pair], async () => {
    const [, pid] = await pair.until(/^process (\d+)$/m);
    const end = await beside(pid!);
    try {
      pair.say('go');
      return await resultOf(pair);
    } finally {
      await end();
    }
  });
};

const alone: Contender = { name: 'alone', run: size => exchanges(size, async () => async () => {}) };

const watched: Contender = {
  name: 'under watch',
  run: size =>
    exchanges(size, async pid => {
      const terminal = await openWorkbench({ args: ['watch', pid], cols: 120, rows: 36 });
      await terminal.until(/ESTAB.*ESTAB/);
      return terminal.dispose;
    }),
};

export const watch: BenchCase = {
  name: 'watch',
  what: 'an echo pair of 64 bytes in CPython, two processes, and the same under sockbench watch',
  unit: 'exchanges/s',
  better: 'more',
  rounds: 11,
  size: 60_000,
  tinySize: 50,
  contenders: [alone, watched],
  aims: [{ of: watched.name, beside: alone.name, ratio: 0.98 }],
  before: async () => ensureBuilt(),
};

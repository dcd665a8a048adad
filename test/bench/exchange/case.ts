import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
    const peer = subject(`exchange/${file}`, [size]);
    return stopping([peer], () => resultOf(peer));
  },
});

/** Both ends in one process, as in a lab: in CPython a thread each, in Node one event loop. */
export const exchange: BenchCase = {
  name: 'exchange',
  what: '64-byte request and reply through send and recv, each journalled',
  unit: 'exchanges/s',
  better: 'more',
  rounds: 9,
  size: 300_000,
  tinySize: 50,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('CPython, two threads', 'python.py'),
    contender('raw node:net', 'node.ts'),
  ],
  aims: [{ of: 'sockbench', beside: 'CPython, two threads', ratio: 1 }],
};

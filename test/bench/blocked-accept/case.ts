import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

const contender = (name: string, means: 'auto' | 'table'): Contender => ({
  name,
  run: async size => {
    const peer = subject('blocked-accept/sockbench.ts', [means, size]);
    return stopping([peer], () => resultOf(peer));
  },
});

export const blockedAccept: BenchCase = {
  name: 'blocked-accept',
  what: 'CPU while one accept is blocked for 2 s, the kernel asked by koffi or its tables read',
  unit: 'ms',
  better: 'less',
  rounds: 6,
  size: 2_000,
  tinySize: 100,
  contenders: [contender('by koffi', 'auto'), contender('by tables', 'table')],
  aims: [
    { of: 'by koffi', limit: 20 },
    { of: 'by tables', limit: 20 },
  ],
};

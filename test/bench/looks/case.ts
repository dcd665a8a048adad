import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

const contender = (name: string, means: 'table' | 'worker' | 'diag'): Contender => ({
  name,
  run: async size => {
    const peer = subject('looks/sockbench.ts', [means, size]);
    return stopping([peer], () => resultOf(peer));
  },
});

export const looks: BenchCase = {
  name: 'looks',
  what: "CPU of the main thread a look at the kernel's view of 1,000 connections",
  unit: 'ms',
  better: 'less',
  rounds: 3,
  size: 1_000,
  tinySize: 10,
  contenders: [contender('table', 'table'), contender('worker', 'worker'), contender('koffi', 'diag')],
  aims: [],
};

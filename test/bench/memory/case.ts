import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

/** Resident memory at rest, once so many millions of entries have gone through the bench. */
const contender = (name: string, times: number): Contender => ({
  name,
  run: async size => {
    const peer = subject('memory/sockbench.ts', [size * times]);
    return stopping([peer], () => resultOf(peer));
  },
});

export const memory: BenchCase = {
  name: 'memory',
  what: 'resident memory after 1 and 10 million entries, payloads of 64 bytes, each hundredth of 64 KiB',
  unit: 'MB',
  better: 'less',
  rounds: 1,
  size: 1_000_000,
  tinySize: 2_000,
  contenders: [contender('1 million entries', 1), contender('10 million entries', 10)],
  aims: [{ of: '10 million entries', beside: '1 million entries', ratio: 1.1 }],
};

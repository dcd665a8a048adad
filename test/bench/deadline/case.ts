import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping, subject } from '../subject.ts';

const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
    const peer = subject(`deadline/${file}`, [size]);
    return stopping([peer], () => resultOf(peer));
  },
});

export const deadline: BenchCase = {
  name: 'deadline',
  what: 'until a blocked sendall with a timeout of 0.5 s ends',
  unit: 'ms',
  better: 'less',
  rounds: 5,
  size: 500,
  tinySize: 50,
  contenders: [contender('sockbench', 'sockbench.ts'), contender('Python', 'python.py')],
  aims: [{ of: 'sockbench', beside: 'Python', ratio: 1.1 }],
};

import type { BenchCase, Contender } from '../case.ts';
import { patience, portOf, resultOf, stopping, subject } from '../subject.ts';

/** A foreign Python sender fills the connection; the receiver says how fast it took it. */
const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
    const receiver = subject(`one-way/${file}`);
    return stopping([receiver], async () => {
      const sender = subject('one-way/sender.py', [await portOf(receiver), size]);
      return stopping([sender], async () => {
        await sender.until(/^sent$/m, patience);
        return resultOf(receiver);
      });
    });
  },
});

export const oneWay: BenchCase = {
  name: 'one-way',
  what: 'one-way TCP into the receive loop, journal on',
  unit: 'GB/s',
  better: 'more',
  rounds: 9,
  size: 2 ** 31,
  tinySize: 2 ** 20,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('Python recv_into', 'python.py'),
    contender("raw node:net 'data'", 'node.ts'),
  ],
  aims: [
    { of: 'sockbench', beside: 'Python recv_into', ratio: 0.8 },
    { of: 'sockbench', beside: "raw node:net 'data'", ratio: 1 },
  ],
};

import type { BenchCase, Contender } from '../case.ts';
import { portOf, resultOf, stopping, subject } from '../subject.ts';

const contender = (name: string, file: string, share: number): Contender => ({
  name,
  run: async size => {
    const wanted = Math.ceil(size * share);
    const server = subject(`connections/${file}`, [wanted]);
    return stopping([server], async () => {
      const client = subject('accepts/connector.py', [await portOf(server), wanted]);
      return stopping([client], () => resultOf(server));
    });
  },
});

const many = contender('sockbench, 10,000', 'sockbench.ts', 1);
const few = contender('sockbench, 1,000', 'sockbench.ts', 0.1);

export const connections: BenchCase = {
  name: 'connections',
  what: 'resident memory of an accepted connection with a receive in flight, of 10,000 and of 1,000',
  unit: 'KiB',
  better: 'less',
  rounds: 7,
  size: 10_000,
  tinySize: 50,
  contenders: [many, few, contender('raw node:net, 10,000', 'node.ts', 1)],
  aims: [{ of: many.name, limit: 8 }],
};

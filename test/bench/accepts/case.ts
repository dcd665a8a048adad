import type { BenchCase, Contender } from '../case.ts';
import { portOf, resultOf, stopping, subject } from '../subject.ts';

/** Connections at a time: as many as a queue holds. */
const most = 2000;

/** The first one is a warm-up. */
const leastBatches = 5;

/**
 * A foreign Python client fills the listener's queue while the server is stopped; then the server takes them all.
 * A client that connected meanwhile would be slower than the servers, and its pace would be what is measured.
 */
const contender = (name: string, file: string): Contender => ({
  name,
  run: async total => {
    const batches = Math.max(leastBatches, Math.ceil(total / most));
    const size = Math.ceil(total / batches);
    const server = subject(`accepts/${file}`, [size, batches]);
    return stopping([server], async () => {
      const port = await portOf(server);
      for (let batch = 1; batch <= batches; batch++) {
        const client = subject('accepts/connector.py', [port, size]);
        await stopping([client], async () => {
          await client.until(/^connected$/m);
          server.say('go');
          await server.until(new RegExp(`^accepted ${batch}$`, 'm'));
          client.say('close');
          await client.until(/^closed$/m);
        });
        await server.until(new RegExp(`^closed ${batch}$`, 'm'));
      }
      return resultOf(server);
    });
  },
});

export const accepts: BenchCase = {
  name: 'accepts',
  what: 'connections accepted a second through the accept loop',
  unit: 'accepts/s',
  better: 'more',
  rounds: 7,
  size: 50_000,
  tinySize: 100,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('raw node:net', 'node.ts'),
    contender('CPython accept loop', 'python.py'),
  ],
  aims: [{ of: 'sockbench', beside: 'raw node:net', ratio: 0.9 }],
};

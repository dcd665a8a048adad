import type { BenchCase, Contender } from '../case.ts';
import { portOf, resultOf, stopping, subject } from '../subject.ts';

/** The first batch is a warm-up. */
export const batches = 5;

/**
 * A foreign Python client fills the listener's queue while the server is stopped; then the server takes them all.
 * A client that connected meanwhile would be slower than the servers, and its pace would be what is measured.
 */
const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
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
  size: 2000,
  tinySize: 20,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('raw node:net', 'node.ts'),
    contender('CPython accept loop', 'python.py'),
  ],
  aims: [{ of: 'sockbench', beside: 'raw node:net', ratio: 0.9 }],
};

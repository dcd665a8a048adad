import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Call } from '../../../source/core/calls/call.ts';
import { openBench } from '../workbench.ts';

const count = Number(process.argv[2]);
const warmUp = Math.floor(count / 5);

const bench = openBench({ accept: false, receive: false });
const port = await bench.listen(1);
await bench.done({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
await bench.done({ name: 'connect', on: 'c1', address: inet('127.0.0.1', port) });
await bench.done({ name: 'accept', on: 's1' });

const message: Call & { name: 'send' } = {
  name: 'send',
  on: 'c1',
  data: { kind: 'literal', data: new Uint8Array(64), notation: 'text' },
};
const take = (on: string): Call => ({ name: 'recv', on, size: 4096 });

/** The server: recv, send what came, again. */
const serve = () => {
  bench.perform(take('a1'), {
    onEnd: outcome => {
      if (outcome.kind !== 'data' || outcome.data.length === 0) return;
      bench.perform({ ...message, on: 'a1' }, { onEnd: serve });
    },
  });
};

const exchange = (times: number): Promise<void> =>
  new Promise(resolve => {
    let left = times;
    const next = () => {
      if (left-- === 0) return resolve();
      bench.perform(message, { onEnd: () => bench.perform(take('c1'), { onEnd: next }) });
    };
    next();
  });

serve();
await exchange(warmUp);
const began = performance.now();
await exchange(count);
const took = performance.now() - began;
bench.flush();
const expected = 4 * (count + warmUp);
if (bench.journal.last() < expected) throw new Error(`${bench.journal.last()} entries for ${expected} calls`);
console.log('result', (count / took) * 1000);
process.exit(0);

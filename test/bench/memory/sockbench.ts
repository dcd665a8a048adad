import { setImmediate as turn } from 'node:timers/promises';
import { createBench } from '../../../source/bench/engine/create-bench.ts';
import { giveBack } from '../../../source/cli/heap-at-rest.ts';
import { boundNewSpace } from '../../../source/cli/new-space.ts';
import type { Call } from '../../../source/core/calls/call.ts';
import type { Driver } from '../../../source/core/calls/driver.ts';
import { ReceiveMemory } from '../../../source/drivers/sockets/receive-memory.ts';

const wanted = Number(process.argv[2]);

const memory = new ReceiveMemory();

/**
 * Instead of a kernel: every recv returns at once, so that what is measured is what the bench keeps. Its bytes lie where the
 * driver's do, and are written to as read(2) does.
 */
const generous: Driver = {
  start: ({ call }, report) => {
    if (call.name !== 'recv') {
      report({ kind: 'made', name: call.as ?? 'c1' });
      return null;
    }
    const { slab, offset } = memory.room(call.size);
    slab.fill(call.size, offset, offset + call.size);
    report({ kind: 'data', data: memory.keep(call.size) });
    return null;
  },
  release: data => memory.release(data),
  dispose: async () => {},
};

boundNewSpace();
const bench = createBench({
  driver: () => generous,
  loops: { accept: false, receive: false },
  recycle: true,
});
bench.perform({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });

const recv = (size: number): Call => ({ name: 'recv', on: 'c1', size });

/** Each a call that is made again and again, as a loop does. */
const [small, large] = [recv(64), recv(65_536)];

const began = performance.now();
for (let call = 0; bench.journal.last() < wanted; ) {
  // A large payload now and then: the cap on bytes is reached, and most entries stay small.
  for (let i = 0; i < 5_000; i++) bench.perform(call++ % 100 === 0 ? large : small);
  await turn();
}
bench.flush();
console.log('each', ((performance.now() - began) * 1000) / wanted, 'us');
// As the program does at rest.
giveBack();
await turn();
console.log('result', process.memoryUsage.rss() / 1e6);
await bench.dispose();

import { setImmediate as turn } from 'node:timers/promises';
import { createBench } from '../../../source/bench/engine/create-bench.ts';
import { boundNewSpace } from '../../../source/cli/new-space.ts';
import type { Driver } from '../../../source/core/calls/driver.ts';

const wanted = Number(process.argv[2]);

/** Instead of a kernel: every recv returns at once, so that what is measured is what the bench keeps. */
const generous: Driver = {
  start: ({ call }, report) => {
    const size = call.name === 'recv' ? call.size : 0;
    if (call.name === 'socket') report({ kind: 'made', name: call.as ?? 'c1' });
    else report({ kind: 'data', data: new Uint8Array(size) });
    return null;
  },
  dispose: async () => {},
};

boundNewSpace();
const bench = createBench({ driver: () => generous, loops: { accept: false, receive: false } });
bench.perform({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });

/** A large payload now and then: the cap on bytes is reached, and most entries stay small. */
const sizeOf = (call: number): number => (call % 100 === 0 ? 65_536 : 64);

const began = performance.now();
for (let call = 0; bench.journal.last() < wanted; ) {
  for (let i = 0; i < 5_000; i++) bench.perform({ name: 'recv', on: 'c1', size: sizeOf(call++) });
  await turn();
}
bench.flush();
console.log('each', ((performance.now() - began) * 1000) / wanted, 'us');
// What the last collection freed may keep more alive until the next: twice is enough.
globalThis.gc!();
await turn();
globalThis.gc!();
console.log('result', process.memoryUsage.rss() / 1e6);
await bench.dispose();

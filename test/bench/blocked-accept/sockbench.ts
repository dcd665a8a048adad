import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { createBench } from '../../../source/bench/engine/create-bench.ts';
import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Call } from '../../../source/core/calls/call.ts';
import { createObserver } from '../../../source/drivers/kernel/kernel-observer.ts';
import { createNodeDriver } from '../../../source/drivers/node/node-driver.ts';

/**
 * `MEANS MS`: while one accept is blocked for so many ms, how often the event loop turns, and the ms of CPU that this
 * process spends. Means `table` is the kernel watched without koffi.
 */
const means = process.argv[2] === 'table' ? 'table' : 'auto';
const blockedMs = Number(process.argv[3]);
let driver: ReturnType<typeof createNodeDriver> | undefined;
const bench = createBench({
  driver: notice => {
    driver = createNodeDriver({ notice });
    return driver;
  },
  observer: createObserver({ means, fdOf: name => driver?.fdOf(name) }),
  loops: { accept: false, receive: false },
});
const ended = (call: Call) => new Promise(resolve => bench.perform(call, { onEnd: resolve }));
const turns = () => performance.nodeTiming.uvMetricsInfo.loopCount;

await ended({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
await ended({ name: 'bind', on: 's1', address: inet('127.0.0.1', 0) });
await ended({ name: 'listen', on: 's1', backlog: 1 });
await ended({ name: 'settimeout', on: 's1', timeout: 500 });
await ended({ name: 'accept', on: 's1' });
// Start-up is over when the code has been compiled and what the first calls changed has been looked at.
await pause(blockedMs / 2);
await ended({ name: 'settimeout', on: 's1', timeout: blockedMs });
const [before, turned] = [process.cpuUsage(), turns()];
await ended({ name: 'accept', on: 's1' });
const { user, system } = process.cpuUsage(before);
console.log('turns', turns() - turned);
console.log('result', (user + system) / 1000);
await bench.dispose();

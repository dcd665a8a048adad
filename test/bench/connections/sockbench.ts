import { setImmediate as turn } from 'node:timers/promises';
import { listening } from '../listening.ts';
import { openBench } from '../workbench.ts';

/** `CONNECTIONS`: prints the KiB that each has resident, a receive in flight on it. */
const wanted = Number(process.argv[2]);

/** After a full collection; what the last one freed may keep more alive until the next. */
const resident = async (): Promise<number> => {
  for (let i = 0; i < 2; i++) {
    globalThis.gc!();
    await turn();
  }
  return process.memoryUsage.rss();
};

const bench = openBench({ accept: true, receive: true });
const port = await bench.listen(4096);
const before = await resident();
listening({ port });
await bench.seen(({ sockets }) => sockets.get('s1')!.accepted >= wanted);
bench.flush();
console.log('result', ((await resident()) - before) / wanted / 1024);
await bench.dispose();

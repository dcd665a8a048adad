import { listening } from '../listening.ts';
import { openBench } from '../workbench.ts';
import { resident } from './resident.ts';

/** `CONNECTIONS`: prints the KiB that each has resident, a receive in flight on it. */
const wanted = Number(process.argv[2]);

const bench = openBench({ accept: true, receive: true });
const port = await bench.listen(4096);
const before = await resident();
listening({ port });
await bench.seen(({ sockets }) => sockets.get('s1')!.accepted >= wanted);
bench.flush();
console.log('result', ((await resident()) - before) / wanted / 1024);
await bench.dispose();

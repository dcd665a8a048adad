import { blockUntilTold } from '../blocked.ts';
import { median } from '../case.ts';
import { listening } from '../listening.ts';
import { openBench } from '../workbench.ts';

const size = Number(process.argv[2]);
const batches = Number(process.argv[3]);
const bench = openBench({ accept: true, receive: false });
listening({ port: await bench.listen(4096) });

const rates: number[] = [];
for (let batch = 1; batch <= batches; batch++) {
  blockUntilTold();
  const before = bench.journal.last();
  await bench.seen(({ sockets }) => sockets.get('s1')!.accepted >= batch * size);
  const made = bench.journal
    .slice(before + 1, bench.journal.last())
    .flatMap(entry =>
      entry.kind === 'ended' && entry.call.name === 'accept' && entry.outcome.kind === 'made'
        ? [{ t: entry.t, name: entry.outcome.name }]
        : [],
    );
  if (made.length !== size) throw new Error(`${made.length} accepts journalled of ${size}`);
  rates.push(((size - 1) / (made.at(-1)!.t - made[0]!.t)) * 1000);
  console.log('accepted', batch);
  await Promise.all(made.map(({ name }) => bench.done({ name: 'close', on: name })));
  bench.flush();
  console.log('closed', batch);
}
console.log('result', median(rates.slice(1)));
await bench.dispose();

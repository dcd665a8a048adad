import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Call, CallName } from '../../../source/core/calls/call.ts';
import { openBench } from '../workbench.ts';

/** Every call this often, one after another, and nothing else meanwhile. */
const count = Number(process.argv[2]);

const bench = openBench({ accept: false, receive: false });
const local = inet('127.0.0.1', 0);
const stream = (as: string): Call => ({ name: 'socket', on: '', as, family: 'AF_INET', type: 'SOCK_STREAM' });
const data = { kind: 'literal', data: new Uint8Array(64), notation: 'text' } as const;

/** One connection made, used in the four ways and closed. The accept and the recv find what they ask for. */
const round = async (port: number, number: number) => {
  const [bound, client] = [`c${2 * number + 1}`, `c${2 * number + 2}`];
  await bench.done(stream(bound));
  await bench.done({ name: 'bind', on: bound, address: local });
  await bench.done({ name: 'close', on: bound });
  await bench.done(stream(client));
  await bench.done({ name: 'connect', on: client, address: inet('127.0.0.1', port) });
  const accepted = await bench.done({ name: 'accept', on: 's1' });
  if (accepted.kind !== 'made') throw new Error(accepted.kind);
  await bench.done({ name: 'send', on: client, data });
  await bench.done({ name: 'recv', on: accepted.name, size: 4096 });
  await bench.done({ name: 'close', on: accepted.name });
  await bench.done({ name: 'close', on: client });
};

const port = await bench.listen(16);
await round(port, 0);
bench.flush();
const before = bench.journal.last();
for (let n = 1; n <= count; n++) await round(port, n);
bench.flush();

const durations: Partial<Record<CallName, number[]>> = {};
for (const entry of bench.journal.slice(before + 1, bench.journal.last())) {
  if (entry.kind !== 'ended' || entry.startedAt === null) continue;
  durations[entry.call.name] ??= [];
  durations[entry.call.name]!.push((entry.t - entry.startedAt) * 1000);
}
console.log('durations', JSON.stringify(durations));
process.exit(0);

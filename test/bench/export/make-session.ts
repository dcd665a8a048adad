import { setImmediate as turn } from 'node:timers/promises';
import { createBench } from '../../../source/bench/engine/create-bench.ts';
import { startRecording } from '../../../source/cli/sessions/recording.ts';
import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Driver } from '../../../source/core/calls/driver.ts';

/** `FILE ENTRIES`: records a session of a client that sends and receives 64 bytes in turn, of so many entries. */
const [, , file, entries] = process.argv;

const peer = inet('127.0.0.1', 9);
const text = new TextEncoder().encode('0123456789abcdef'.repeat(4));

/** Instead of a kernel: every call returns at once. */
const generous: Driver = {
  start: ({ call }, report) => {
    if (call.name === 'socket') report({ kind: 'made', name: call.as ?? 'c1' });
    else if (call.name === 'recv') report({ kind: 'data', data: text });
    else if (call.name === 'send') report({ kind: 'count', count: text.length });
    else report({ kind: 'none' });
    return null;
  },
  dispose: async () => {},
};

const bench = createBench({ driver: () => generous, loops: { accept: false, receive: false } });
const recording = await startRecording(bench, file!);
if (typeof recording === 'string') throw new Error(recording);
bench.perform({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
bench.perform({ name: 'connect', on: 'c1', address: peer });
while (bench.journal.last() < Number(entries)) {
  for (let i = 0; i < 1_000; i++) {
    bench.perform({ name: 'send', on: 'c1', data: { kind: 'literal', data: text, notation: 'text' } });
    bench.perform({ name: 'recv', on: 'c1', size: 4096 });
  }
  await turn();
}
await bench.dispose();
await recording.stop();
console.log('made', bench.journal.last());

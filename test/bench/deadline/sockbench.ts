import { createBench } from '../../../source/bench/engine/create-bench.ts';
import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Call } from '../../../source/core/calls/call.ts';
import type { Outcome } from '../../../source/core/calls/outcome.ts';
import { nodeMachine } from '../../../source/drivers/node/node-machine.ts';

/** What `python.py` does, on the bench. */
const bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
const ended = (call: Call) => new Promise<Outcome>(resolve => bench.perform(call, { onEnd: resolve }));

await ended({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
await ended({ name: 'bind', on: 's1', address: inet('127.0.0.1', 0) });
await ended({ name: 'listen', on: 's1', backlog: 1 });
const at = await ended({ name: 'getsockname', on: 's1' });
if (at.kind !== 'endpoint') throw new Error('s1 has no address');
await ended({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
await ended({ name: 'connect', on: 'c1', address: at.endpoint });
await ended({ name: 'accept', on: 's1' });
await ended({ name: 'settimeout', on: 'c1', timeout: Number(process.argv[2]) });
const data = { kind: 'repeat', size: 64 << 20, unit: Uint8Array.of(120) } as const;
const began = performance.now();
const outcome = await ended({ name: 'sendall', on: 'c1', data });
if (outcome.kind === 'error' && outcome.code === 'TIMEOUT') console.log('result', performance.now() - began);
await bench.dispose();

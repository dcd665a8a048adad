import { inet } from '../../../source/core/addresses/endpoint.ts';
import { openBench } from '../workbench.ts';

/** `BYTES`: prints the ns that each byte of payloads of this size costs, from a sendall to the end of the recv that has it whole. */
const size = Number(process.argv[2]);

/** So many bytes in all, but so many calls at most. */
const total = 2 ** 28;
const calls = Math.max(4, Math.min(20_000, Math.floor(total / size)));

const bench = openBench({ accept: true, receive: false });
const port = await bench.listen(1);
await bench.done({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
await bench.done({ name: 'connect', on: 'c1', address: inet('127.0.0.1', port) });
await bench.seen(({ sockets }) => sockets.has('a1'));

const data = { kind: 'literal', data: new Uint8Array(size).fill(97), notation: 'text' } as const;

const exchange = async (): Promise<void> => {
  const received = bench.done({ name: 'recv', on: 'a1', size, flags: ['MSG_WAITALL'] });
  await bench.done({ name: 'sendall', on: 'c1', data });
  await received;
};

// Its code is compiled first.
for (let call = 0; call < Math.min(calls, 2_000); call++) await exchange();
const began = performance.now();
for (let call = 0; call < calls; call++) await exchange();
console.log('result', ((performance.now() - began) * 1e6) / calls / size);
await bench.dispose();

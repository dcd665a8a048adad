import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { type Endpoint, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { errorTable } from '../../source/core/words/error-table.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import type { EndsKind } from '../../source/drivers/system/capabilities.ts';

/*
 * What a driver answers where no descriptor is left, as exhausted.py asks CPython: run with a low limit by
 * exhausted.test.ts, in a process of its own.
 */

const kept: number[] = [];

const fill = () => {
  for (;;) {
    try {
      kept.push(openSync(devNull, 'r'));
    } catch {
      return;
    }
  }
};

const driver = createNodeDriver({ notice: () => {} }, process.argv[2] as EndsKind);
let names = 0;

/** With the socket's own deadline, which is the bench's to keep. */
const perform = (call: Call, timeout: number | null = null): Promise<Outcome> =>
  new Promise(resolve => {
    const running = driver.start({ call, timeout, name: () => `n${++names}` }, resolve);
    if (!running || !timeout) return;
    setTimeout(() => {
      running.stop('deadline');
      resolve({ kind: 'error', code: 'TIMEOUT' });
    }, timeout);
  });

const make = async (): Promise<{ name: string; at: Endpoint }> => {
  await perform({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' });
  const name = `n${names}`;
  const bound = await perform({ name: 'bind', on: name, address: inet('127.0.0.1', 0) });
  if (bound.kind !== 'none' || !bound.local) throw new Error(JSON.stringify(bound));
  return { name, at: bound.local };
};

const listener = await make();
await perform({ name: 'listen', on: listener.name, backlog: 16 });
const clients = [await make(), await make()] as const;
const results: unknown[] = [];

const told = (outcome: Outcome, peer?: Endpoint): unknown => {
  if (outcome.kind === 'error') return [errorTable[outcome.code][1], errorTable[outcome.code][0]];
  return outcome.kind === 'made' && portAt(outcome.peer) === portAt(peer);
};

const accept = async (timeout: number | null, peer?: Endpoint) => {
  const outcome = await perform({ name: 'accept', on: listener.name }, timeout);
  results.push(told(outcome, peer));
  if (outcome.kind === 'made') await perform({ name: 'close', on: outcome.name });
};

const connect = (client: { name: string }) =>
  perform({ name: 'connect', on: client.name, address: listener.at });

fill();
await accept(null);
await accept(0);
await accept(50);
await connect(clients[0]);
await accept(null);
await accept(0);
await accept(5000);
results.push(told(await perform({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' })));
results.push(told(await perform({ name: 'socket', on: '', family: 'AF_INET6', type: 'SOCK_DGRAM' })));
closeSync(kept.pop()!);
await accept(null, clients[0].at);
if (process.argv[2] === 'native') {
  closeSync(kept.pop()!);
  const waiting = accept(null, clients[1].at);
  fill();
  await connect(clients[1]);
  await waiting;
}
for (const fd of kept) closeSync(fd);
process.stdout.write(`${JSON.stringify(results)}\n`);
await driver.dispose();

import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { failure } from '../../source/core/calls/outcome.ts';

const pieceSize = 128 << 10;

/** So much comes from each of so many clients: more than once what an inbox holds before it is emptied at once. */
const clients = 3;
const pieces = 100;

/** Of so many sends one finds no room, and waits. */
const waits = 7;

/**
 * Instead of a kernel: clients whose bytes are there at once, and a target that has no room now and then. What is
 * told of memory that is given back while it is being sent, or twice.
 */
const watchful = () => {
  const wrong: string[] = [];
  const sending = new Set<Uint8Array>();
  const back = new Set<Uint8Array>();
  const left = new Map<string, number>();
  let accepted = 0;
  let given = 0;
  let sent = 0;
  const driver: Driver = {
    start: ({ call, name }, report) => {
      switch (call.name) {
        case 'accept':
          if (accepted++ < clients) report({ kind: 'made', name: name() });
          return null;
        case 'recv': {
          const before = left.get(call.on) ?? (call.on.startsWith('a') ? pieces : 0);
          if (before === 0) return null;
          left.set(call.on, before - 1);
          report({ kind: 'data', data: new Uint8Array(pieceSize) });
          return null;
        }
        case 'sendall': {
          const data = call.data.kind === 'literal' ? call.data.data : new Uint8Array(0);
          if (back.has(data)) wrong.push('sent after it was given back');
          if (++sent % waits !== 0) {
            report({ kind: 'none' });
            return null;
          }
          sending.add(data);
          setImmediate(() => {
            sending.delete(data);
            report({ kind: 'none' });
          });
          return null;
        }
        case 'socket':
          report({ kind: 'made', name: name() });
          return null;
        case 'bind':
        case 'listen':
          report({ kind: 'none', local: inet('127.0.0.1', 9000) });
          return null;
        default:
          report(call.name === 'connect' ? { kind: 'none' } : failure('ENOTCONN'));
          return null;
      }
    },
    release: data => {
      if (sending.has(data)) wrong.push('given back while it is sent');
      if (back.has(data)) wrong.push('given back twice');
      back.add(data);
      given++;
    },
    dispose: async () => {},
  };
  return { driver, wrong, given: () => given };
};

test('what a relay has received is given back once, after it was sent, however soon the journal drops it', async () => {
  const { driver, wrong, given } = watchful();
  const bench = createBench({
    driver: () => driver,
    loops: { accept: false, receive: false },
    caps: { entries: 1000, bytes: 0 },
    recycle: true,
  });
  onTestFinished(() => bench.dispose());
  bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'bind', on: 's1', address: inet('127.0.0.1', 9000) });
  bench.setRelay('s1', { endpoint: inet('127.0.0.1', 9001), tls: null });
  bench.perform({ name: 'listen', on: 's1', backlog: 5 });
  for (let n = 0; n < 10_000 && given() < clients * pieces; n++) {
    await turn();
    bench.flush();
  }
  expect(wrong).toEqual([]);
  expect(given()).toBe(clients * pieces);
});

import { expect, test } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call, CallName } from '../../source/core/calls/call.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { ok } from '../../source/core/calls/outcome.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';

/** A driver that takes 60 ms to get ready for each name of a call, and then 1 ms for each call. */
const slowToPrepare = () => {
  const clock = createSimulatedClock();
  const ready = new Set<CallName>();
  const started: string[] = [];
  const open: (() => void)[] = [];
  const driver: Driver = {
    prepare: ({ name }) =>
      ready.has(name)
        ? null
        : new Promise(resolve => {
            open.push(() => {
              clock.step(clock.now() + 60);
              ready.add(name);
              resolve();
            });
          }),
    start: ({ call, name }, report) => {
      started.push(call.name);
      clock.step(clock.now() + (call.name === 'socket' || ready.has(call.name) ? 1 : 61));
      report(call.name === 'socket' ? { kind: 'made', name: name() } : ok);
      return null;
    },
    dispose: async () => {},
  };
  const bench = createBench({ driver: () => driver, clock, loops: { accept: false, receive: false } });
  /** Every preparation that was asked for, until no more is. */
  const prepared = async () => {
    for (let idle = 0; idle < 5; ) {
      const next = open.shift();
      if (next) next();
      idle = next ? 0 : idle + 1;
      await Promise.resolve();
    }
    bench.flush();
  };
  const ended = (): EndedEntry[] =>
    bench.journal.slice(1, bench.journal.last()).filter(entry => entry.kind === 'ended');
  const socket = async () => {
    bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
    await prepared();
  };
  return { bench, clock, prepared, ended, started, socket, open };
};

const address = inet('127.0.0.1', 80);
const firsts: readonly Call[] = [
  { name: 'bind', on: 's1', address },
  { name: 'connect', on: 's1', address },
  { name: 'setsockopt', on: 's1', level: 'SOL_SOCKET', option: 'SO_REUSEADDR', value: 1 },
  { name: 'recvfrom', on: 's1', size: 10 },
  { name: 'send', on: 's1', data: { kind: 'literal', notation: 'text', data: Buffer.from('x') } },
  { name: 'getaddrinfo', on: '', host: 'localhost', port: 80 },
  { name: 'getservbyname', on: '', service: 'http' },
];

test.each(firsts)('what the first $name has made ready is not in its time', async call => {
  const { bench, prepared, ended, socket } = slowToPrepare();
  await socket();
  bench.perform(call);
  await prepared();
  const entry = ended().at(-1)!;
  expect(entry.call.name).toBe(call.name);
  expect(entry.t - entry.startedAt!).toBe(1);
  expect(entry.startedAt! - entry.queuedAt).toBe(0);
  expect(bench.journal.slice(1, bench.journal.last()).map(({ kind }) => kind)).not.toContain('queued');
});

test('calls on sockets keep their order while one of them is prepared for, and the module answers meanwhile', async () => {
  const { bench, prepared, started, socket, open } = slowToPrepare();
  await socket();
  for (const name of ['listen', 'getsockname', 'close'] as const) {
    bench.perform(name === 'listen' ? { name, on: 's1', backlog: 1 } : { name, on: 's1' });
  }
  bench.perform({ name: 'socket', on: '', as: 's2', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'getservbyname', on: '', service: 'http' });
  expect(started).toEqual(['socket']);
  expect(open.length).toBe(2);
  open.pop()!();
  await Promise.resolve();
  await Promise.resolve();
  expect(started).toEqual(['socket', 'getservbyname']);
  await prepared();
  expect(started).toEqual(['socket', 'getservbyname', 'listen', 'getsockname', 'close', 'socket']);
});

test('a call on a socket waits for the one that makes it, which the driver is still preparing for', async () => {
  const { bench, prepared, started, ended } = slowToPrepare();
  bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'bind', on: 's1', address });
  bench.perform({ name: 'recv', on: 's1', size: 1 });
  expect(started).toEqual([]);
  await prepared();
  expect(started).toEqual(['socket', 'bind', 'recv']);
  expect(ended().map(({ outcome }) => outcome.kind)).toEqual(['made', 'none', 'none']);
  expect(ended().map(({ thread }) => thread)).toEqual(['', '', expect.stringMatching(/./)]);
});

test('a call that is cancelled while it is prepared for was asked for when it was', async () => {
  const { bench, clock, ended, socket } = slowToPrepare();
  await socket();
  const asked = bench.now();
  const id = bench.perform({ name: 'bind', on: 's1', address });
  clock.step(clock.now() + 40);
  bench.cancel(id);
  bench.flush();
  expect(ended().at(-1)).toMatchObject({ queuedAt: asked, t: asked + 40, startedAt: null });
});

test('a call that is cancelled while it is prepared for never starts, and those behind it do', async () => {
  const { bench, prepared, started, ended, socket } = slowToPrepare();
  await socket();
  const id = bench.perform({ name: 'bind', on: 's1', address });
  bench.perform({ name: 'getsockname', on: 's1' });
  bench.cancel(id);
  await prepared();
  expect(started).toEqual(['socket', 'getsockname']);
  expect(ended().map(({ outcome }) => (outcome.kind === 'error' ? outcome.code : outcome.kind))).toEqual([
    'made',
    'INTERRUPTED',
    'none',
  ]);
});

test('what is called after a close that has to wait finds the socket closed, as without waiting', async () => {
  const { bench, prepared, ended, socket } = slowToPrepare();
  await socket();
  bench.perform({ name: 'close', on: 's1' });
  bench.perform({ name: 'getsockname', on: 's1' });
  await prepared();
  expect(ended().at(-1)?.outcome).toMatchObject({ kind: 'error', code: 'EBADF' });
});

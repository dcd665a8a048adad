import { createHash, type Hash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { InetEndpoint } from '../../source/core/addresses/endpoint.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { callLabel } from '../../source/core/model/wait.ts';
import { settleMs } from '../../source/core/waits/wait-rules.ts';
import { createObserver } from '../../source/drivers/kernel/kernel-observer.ts';
import { nativeSockets } from '../../source/drivers/native/native-socket.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { onLinux } from '../drivers/sockets.ts';
import { callOf } from '../support/playing.ts';
import { waitWords } from '../support/words.ts';

const benches: Bench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.dispose();
});

/** The driver, with a digest of everything each socket received. */
const hashing = (driver: Driver, digests: Map<string, Hash>): Driver => ({
  ...driver,
  start: (attempt, report) =>
    driver.start(attempt, outcome => {
      const { on } = attempt.call;
      if (!digests.has(on)) digests.set(on, createHash('sha256'));
      if (outcome.kind === 'data') digests.get(on)!.update(outcome.data);
      report(outcome);
    }),
});

const openBench = (policy: Policy) => {
  const digests = new Map<string, Hash>();
  const bench = createBench({
    driver: notice => hashing(createNodeDriver({ notice }), digests),
    observer: createObserver(),
    policy,
    loops: { accept: false, receive: false },
  });
  benches.push(bench);
  return { bench, digests };
};

const perform = (bench: Bench, line: string): Promise<Outcome> =>
  new Promise(resolve => {
    bench.perform(callOf(line), { onEnd: resolve });
  });

/** Resolves at the flush that makes it true. */
const until = (bench: Bench, holds: () => boolean): Promise<void> =>
  new Promise(resolve => {
    bench.flush();
    if (holds()) return resolve();
    const stop = bench.subscribe(() => {
      if (!holds()) return;
      stop();
      resolve();
    });
  });

const connectPair = async (bench: Bench): Promise<void> => {
  await perform(bench, 's1 = socket');
  await perform(bench, 's1.bind 127.0.0.1:0');
  await perform(bench, 's1.listen 1');
  const name = await perform(bench, 's1.getsockname');
  const { port } = (name as { endpoint: InetEndpoint }).endpoint;
  await perform(bench, 'c1 = socket');
  await perform(bench, `c1.connect 127.0.0.1:${port}`);
  await perform(bench, 'a1 = s1.accept');
};

const deadlocked = (bench: Bench): string[][] =>
  [...bench.state().findings.values()]
    .filter(finding => finding.name === 'deadlock')
    .map(({ calls }) => calls.map(id => callLabel(bench.state().calls.get(id)!)));

/** Looks at the kernel that came when the calls had stood still for so long that it must have been done with them. */
const looksThatCouldTell = (bench: Bench): number => {
  const still = Math.max(...[...bench.state().calls.values()].map(({ takenAt }) => takenAt)) + settleMs;
  const entries = bench.journal.slice(1, bench.journal.last());
  return entries.filter(entry => entry.kind === 'sample' && entry.readAt >= still).length;
};

const idOf = (bench: Bench, label: string): number =>
  [...bench.state().calls.values()].find(call => callLabel(call) === label)!.id;

const writes = ['c1.sendall 64MiB of "x"', 'a1.sendall 64MiB of "y"'] as const;
const reads = ['c1.recv 10', 'a1.recv 10'] as const;

describe.each(['single', 'per-socket'] as const)('%s', policy => {
  test.each([
    ['both write', writes, ['c1.sendall', 'a1.sendall']],
    ['both read', reads, ['c1.recv', 'a1.recv']],
  ] as const)(
    '%s: DEADLOCK at the first look that can tell, until one is cancelled',
    async (_, [first, second], labels) => {
      const { bench } = openBench(policy);
      await connectPair(bench);
      const ended = perform(bench, first);
      await until(bench, () => bench.state().calls.size === 1);
      perform(bench, second);
      await until(bench, () => deadlocked(bench).length > 0);
      expect(looksThatCouldTell(bench)).toBeLessThanOrEqual(1);
      expect(deadlocked(bench)).toEqual([labels]);
      bench.cancel(idOf(bench, labels[0]));
      expect(await ended).toMatchObject({ kind: 'error', code: 'INTERRUPTED' });
      await until(bench, () => deadlocked(bench).length === 0);
    },
  );
});

test.skipIf(!onLinux || typeof nativeSockets() === 'string')(
  'a closed socket that a call is inside of keeps its peer waiting: DEADLOCK until that call is cancelled',
  async () => {
    const { bench } = openBench('single');
    await connectPair(bench);
    perform(bench, 'a1.recv 10');
    await until(bench, () => bench.state().calls.size === 1);
    await perform(bench, 'a1.close');
    const ended = perform(bench, 'c1.recv 10');
    await until(bench, () => deadlocked(bench).length > 0);
    expect(deadlocked(bench)).toEqual([['a1.recv', 'c1.recv']]);
    bench.cancel(idOf(bench, 'a1.recv'));
    expect(await ended).toMatchObject({ kind: 'data', data: new Uint8Array(0) });
    await until(bench, () => deadlocked(bench).length === 0);
  },
);

test.skipIf(!onLinux || typeof nativeSockets() === 'string')(
  'both read, and what has come is less than the low-water mark',
  async () => {
    const { bench } = openBench('single');
    await connectPair(bench);
    await perform(bench, 'c1.setsockopt SOL_SOCKET SO_RCVLOWAT 10');
    await perform(bench, 'a1.send "123"');
    perform(bench, reads[0]);
    perform(bench, reads[1]);
    await until(bench, () => deadlocked(bench).length > 0);
    expect(deadlocked(bench)).toEqual([['c1.recv', 'a1.recv']]);
  },
);

test('duplex: none is named, the rows ask for a receive, and receive loops finish both sends', async () => {
  const { bench, digests } = openBench('duplex');
  await connectPair(bench);
  const ended = [perform(bench, writes[0]), perform(bench, writes[1])];
  const sentences = () => [...waitWords(bench.state()).values()];
  const asked = ['you: r receives on a1', 'you: r receives on c1'];
  await until(bench, () => JSON.stringify(sentences()) === JSON.stringify(asked));
  expect(deadlocked(bench)).toEqual([]);

  bench.setLoop('client', 'receive', true);
  bench.setLoop('tcp-server', 'receive', true);
  expect(await Promise.all(ended)).toEqual([{ kind: 'none' }, { kind: 'none' }]);
  const received = (name: string) => bench.state().sockets.get(name)?.received;
  await until(bench, () => received('c1') === 64 * 2 ** 20 && received('a1') === 64 * 2 ** 20);
  const digest = (fill: string) =>
    createHash('sha256')
      .update(Buffer.alloc(64 * 2 ** 20, fill))
      .digest('hex');
  expect(digests.get('a1')?.digest('hex')).toBe(digest('x'));
  expect(digests.get('c1')?.digest('hex')).toBe(digest('y'));
  expect(deadlocked(bench)).toEqual([]);
});

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { hasForeignPeer } from '../../source/bench/view/selectors-sockets.ts';
import { type InetEndpoint, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { groundOf } from '../../source/core/waits/wait-ground.ts';
import { reasonOf } from '../../source/core/waits/wait-rules.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { limits } from '../support/limits.ts';
import { callOf } from '../support/playing.ts';

const benches: Bench[] = [];

afterEach(async () => {
  await Promise.all(benches.splice(0).map(bench => bench.dispose()));
});

/** A bench on this machine's own sockets; `line` makes a call and answers its outcome. */
const open = () => {
  const bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
  benches.push(bench);
  const line = (text: string): Promise<Outcome> =>
    new Promise(resolve => bench.perform(callOf(text), { onEnd: resolve }));
  return { bench, line };
};

const portOf = (outcome: Outcome): InetEndpoint['port'] => {
  if (outcome.kind !== 'none' || !outcome.local) throw new Error(`no address: ${outcome.kind}`);
  return portAt(outcome.local) ?? 0;
};

/** Bound address, family of the one who comes, and how that one writes the address. */
const ways = [
  ['::1', 'AF_INET6', '[0:0:0:0:0:0:0:1]'],
  ['::1', 'AF_INET6', '[0000::0001]'],
  ['::1', 'AF_INET6', '[::1%lo]'],
  ['::1', 'AF_INET6', '[::0.0.0.1]'],
  ['::1', 'AF_INET6', ''],
  ['::1', 'AF_INET6', '[::]'],
  ['::', 'AF_INET6', '[0::1]'],
  ['127.0.0.1', 'AF_INET6', '[::FFFF:127.0.0.1]'],
  ['127.0.0.1', 'AF_INET6', '[::ffff:7f00:0001]'],
  ['127.0.0.1', 'AF_INET', 'localhost'],
  ['127.0.0.1', 'AF_INET', 'LocalHost'],
  ['127.0.0.1', 'AF_INET', '127.1'],
  ['127.0.0.1', 'AF_INET', '0x7f000001'],
  ['127.0.0.1', 'AF_INET', '0177.0.0.01'],
  ['127.0.0.1', 'AF_INET', '0.0.0.0'],
  ['127.0.0.1', 'AF_INET', ''],
] as const;

const familyOf = (host: string) => (host.includes(':') ? 'AF_INET6' : 'AF_INET');
const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);

describe.each(ways)("the bench's own socket at %s", (host, family, written) => {
  test(`is who a connect by ${family} to "${written}" waits for, and then its twin`, async () => {
    const { bench, line } = open();
    await line(`s1 = socket ${familyOf(host)} SOCK_STREAM`);
    const port = portOf(await line(`s1.bind ${bracketed(host)}:0`));
    await line('s1.listen 0');
    for (const name of ['c1', 'c2']) await line(`${name} = socket ${family} SOCK_STREAM`);
    expect(await line(`c1.connect ${written}:${port}`)).toMatchObject({ kind: 'none' });
    const second = bench.perform(callOf(`c2.connect ${written}:${port}`));
    // The queue is full: the kernel drops its SYN.
    await vi.waitFor(
      () => {
        bench.flush();
        const [call] = bench.state().calls.values();
        const reason = call && reasonOf(groundOf(bench.state()), call);
        expect(reason).toMatchObject({ on: 's1', act: 'accept' });
      },
      { timeout: limits.wait },
    );
    const { sockets } = bench.state();
    expect(['c1', 'c2'].map(name => hasForeignPeer(bench.state(), sockets.get(name)!))).toEqual([
      false,
      false,
    ]);
    await line('a1 = s1.accept');
    bench.cancel(second);
    bench.flush();
    expect(['c1', 'a1'].map(name => bench.state().sockets.get(name)!.twin)).toEqual(['a1', 'c1']);
    expect(bench.state().answers.size).toBe(0);
  });

  test(`gets a datagram that was sent by ${family} to "${written}"`, async () => {
    const { bench, line } = open();
    await line(`u1 = socket ${familyOf(host)} SOCK_DGRAM`);
    const port = portOf(await line(`u1.bind ${bracketed(host)}:0`));
    await line(`c1 = socket ${family} SOCK_DGRAM`);
    await line(`c1.sendto "hello" ${written}:${port}`);
    bench.flush();
    expect(bench.state().sockets.get('c1')!.sendMarks).toMatchObject([{ to: 'u1' }]);
    await line('u1.recvfrom 100');
    bench.flush();
    const ended = bench.journal.slice(1, bench.journal.last()).findLast(entry => entry.kind === 'ended');
    expect(ended).toMatchObject({ call: { name: 'recvfrom' }, by: expect.any(Number) });
  });
});

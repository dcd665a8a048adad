import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import type { ReadableEnd } from '../../source/drivers/sockets/ends.ts';
import { ReceiveMemory } from '../../source/drivers/sockets/receive-memory.ts';
import { TcpReading } from '../../source/drivers/sockets/tcp-reading.ts';
import { limits } from '../support/limits.ts';
import { type Hands, hands, repeat, text } from './hands.ts';

const make = () => hands(options => createNodeDriver(options));

/** Makes the call again from within its report, as a loop does, until `go` says no more. */
const loop = (bench: Hands, call: Call, go: (outcome: Outcome) => Call | null) => {
  const next = (made: Call) =>
    bench.begin(made, outcome => {
      const following = go(outcome);
      if (following) next(following);
    });
  next(call);
};

/** Calls that end before a loop of them stops by itself, and how many of them one turn of the event loop may hold. */
const many = 2_000;
const most = 500;

/** In how many turns of the event loop that much was done: one, where the loop stood still meanwhile. */
const turnsUntil = async (enough: () => boolean): Promise<number> => {
  for (let turns = 1; ; turns++) {
    await new Promise(resolve => setImmediate(resolve));
    if (enough()) return turns;
  }
};

describe('the event loop keeps turning', () => {
  test('while two sockets of the driver answer each other without end', async () => {
    const bench = make();
    const { client, server } = await bench.connected('AF_INET');
    let rounds = 0;
    for (const [name, first] of [
      [client, true],
      [server, false],
    ] as const) {
      const send: Call = { name: 'send', on: name, data: text('ping') };
      const recv: Call = { name: 'recv', on: name, size: 64 };
      loop(bench, first ? send : recv, outcome => {
        if (outcome.kind === 'data') rounds++;
        return rounds < many ? (outcome.kind === 'count' ? recv : send) : null;
      });
    }
    const turns = await turnsUntil(() => rounds >= many);
    expect(rounds / turns).toBeLessThan(most);
  });

  test('while one socket sends without end and the other receives', async () => {
    const bench = make();
    const { client, server } = await bench.connected('AF_INET6');
    let receives = 0;
    bench.start({ name: 'sendall', on: client, data: repeat(2 ** 40) });
    const recv: Call = { name: 'recv', on: server, size: 65_536 };
    loop(bench, recv, outcome => (outcome.kind === 'data' && ++receives < many ? recv : null));
    const turns = await turnsUntil(() => receives >= many);
    expect(receives / turns).toBeLessThan(most);
  });

  test('while a datagram socket is flooded', async () => {
    const bench = make();
    const receiver = await bench.datagram('AF_INET');
    const sender = await bench.datagram('AF_INET');
    let received = 0;
    const recvfrom: Call = { name: 'recvfrom', on: receiver.name, size: 64 };
    // Each datagram that is received sends two: more than are ever taken.
    loop(bench, recvfrom, outcome => {
      if (outcome.kind !== 'data' || ++received >= many) return null;
      for (let i = 0; i < 2; i++) {
        bench.start({ name: 'sendto', on: sender.name, data: text('x'), address: receiver.at });
      }
      return recvfrom;
    });
    bench.start({ name: 'sendto', on: sender.name, data: text('x'), address: receiver.at });
    const turns = await turnsUntil(() => received >= many);
    expect(received / turns).toBeLessThan(most);
  });
});

test.each([
  [1024, 32],
  [128 << 10, 32],
  [256 << 10, 16],
  [16 << 20, 1],
])(
  'of a socket that always has more, one turn takes 32 reads or 4 MiB: of %i bytes %i reads',
  (size, reads) => {
    let ready = () => {};
    let taken = 0;
    const end: ReadableEnd = {
      exact: true,
      fd: () => -1,
      watch: woken => {
        ready = woken;
        return 0;
      },
      unwatch: () => {},
      readNow: (_into, _offset, length) => {
        taken++;
        return length;
      },
    };
    const memory = new ReceiveMemory();
    const reading = new TcpReading(end, memory, woken => woken());
    const receive = () =>
      reading.recv({ size, flags: [], timeout: null }, outcome => {
        if (outcome.kind === 'data') memory.release(outcome.data);
        receive();
      });
    receive();
    for (let turns = 1; turns <= 3; turns++) {
      ready();
      expect(taken).toBe(turns * reads);
    }
  },
);

test('nothing keeps the process alive after dispose', () => {
  const driver = fileURLToPath(new URL('../../source/drivers/node/node-driver.ts', import.meta.url));
  const script = `
    const { createNodeDriver } = await import(${JSON.stringify(driver)});
    const driver = createNodeDriver({ notice: () => {} });
    let made = 0;
    const call = call => new Promise(resolve => {
      driver.start({ call, timeout: null, name: () => 'n' + ++made }, resolve);
    });
    const address = { kind: 'inet', host: '127.0.0.1', port: 0 };
    await call({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' });
    const { local } = await call({ name: 'bind', on: 'n1', address });
    await call({ name: 'listen', on: 'n1', backlog: 1 });
    await call({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' });
    await call({ name: 'connect', on: 'n2', address: local });
    const ends = [
      call({ name: 'recv', on: 'n2', size: 1 }),
      call({ name: 'sendall', on: 'n2', data: { kind: 'repeat', size: 2 ** 30, unit: new Uint8Array([120]) } }),
    ];
    await call({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_DGRAM' });
    await call({ name: 'bind', on: 'n3', address });
    ends.push(call({ name: 'recvfrom', on: 'n3', size: 1 }));
    ends.push(call({ name: 'accept', on: 'n1' }), call({ name: 'accept', on: 'n1' }));
    await driver.dispose();
    process.stdout.write((await Promise.all(ends)).map(outcome => outcome.code ?? outcome.kind).join());
  `;
  const ran = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: limits.wait,
  });
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(0);
  expect(ran.stdout).toMatch(/^CLOSED,CLOSED,CLOSED,(made|CLOSED),CLOSED$/);
});

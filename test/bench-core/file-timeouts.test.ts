import { execFile } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../source/bench/engine/clock.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { parseCall } from '../../source/core/language/line.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { available, reason } from '../drivers/native.ts';
import { limits } from '../support/limits.ts';

/*
 * A file object makes one recv(2) after the other until it has what it was asked for, and each has the whole timeout of the
 * socket (CPython, SocketIO in socket.py).
 */

/** A bench with f1, a file object of a connection to a server that does this. */
const withFile = async (
  mode: string,
  timeout: number,
  served: (socket: net.Socket) => void,
  clock: Clock = systemClock,
) => {
  const server = net.createServer(socket => served(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const loops = { accept: false, receive: false };
  const bench = createBench({ driver: notice => createNodeDriver({ notice }), loops, clock });
  const perform = (line: string): Promise<Outcome> => {
    const parsed = parseCall(line);
    if (!parsed.ok) throw new Error(`${line}: ${parsed.message}`);
    return new Promise(resolve => bench.perform(parsed.value, { onEnd: resolve }));
  };
  const close = async () => {
    await bench.dispose();
    server.close();
  };
  await perform('c1 = socket AF_INET SOCK_STREAM');
  await perform(`c1.connect 127.0.0.1:${port}`);
  await perform(`c1.settimeout ${timeout}ms`);
  expect(await perform(`f1 = c1.makefile ${mode}`)).toMatchObject({ kind: 'made' });
  return { bench, perform, port, close };
};

/** Four bytes and a newline, each of them in time and the last long after that. */
const drip = async (socket: net.Socket) => {
  for (const byte of 'line\n') {
    await pause(700);
    socket.write(byte);
  }
};

const timeout = 2_000;
const python = join(import.meta.dirname, 'file-timeouts.py');

describe('beside a peer that sends a byte from time to time CPython has its line, and so has', () => {
  test.concurrent.each([
    ['readline', 'rb', 'f1.readline'],
    ['read', 'rb', 'f1.read 5'],
    ['text', 'r', 'f1.readline'],
    ['raw', 'rb 0', 'f1.readline'],
  ])('%s', async (call, mode, line) => {
    const { perform, port, close } = await withFile(mode, timeout, socket => void drip(socket));
    const words = [python, call, `${port}`, `${timeout / 1000}`];
    const [outcome, { stdout }] = await Promise.all([perform(line), promisify(execFile)('python3', words)]);
    expect(stdout.trim()).toBe("b'line\\n'");
    expect(outcome).toMatchObject({ kind: 'data', data: Buffer.from('line\n') });
    await close();
  });
});

test('the deadline moves with each of them, and everybody is told', async () => {
  const deadlines: (() => void)[] = [];
  const deadline: Clock['deadline'] = (_ms, over) => {
    deadlines.push(over);
    return () => {};
  };
  const sockets: net.Socket[] = [];
  const never = 10 * 60 * 1000;
  const serve = (socket: net.Socket) => void sockets.push(socket);
  const { bench, perform, close } = await withFile('rb', never, serve, { ...systemClock, deadline });
  const line = perform('f1.readline');
  const inFlight = () => {
    bench.flush();
    return [...bench.state().calls.values()].find(({ call }) => call.name === 'readline')!;
  };
  const before = inFlight();
  sockets[0]!.write('li');
  const after = await vi.waitFor(
    () => {
      deadlines.at(-1)!();
      const now = inFlight();
      expect(now.deadline).toBeGreaterThan(before.deadline! + 1);
      return now;
    },
    { timeout: limits.wait, interval: 10 },
  );
  expect(after.startedAt).toBe(before.startedAt);
  expect(after.n).toBe(before.n);
  expect(bench.journal.at(bench.journal.last())).toMatchObject({
    kind: 'running',
    again: true,
    deadline: after.deadline,
  });
  sockets[0]!.end('ne\n');
  expect(await line).toMatchObject({ kind: 'data', data: Buffer.from('line\n') });
  await close();
});

/** A peer that reads nothing, and no room left in the kernel. */
const withoutRoom = async (mode: string, limit: string, clock?: Clock) => {
  const made = await withFile(mode, 0, socket => socket.pause(), clock);
  const much = `c1.send "${'x'.repeat(200_000)}"`;
  while ((await made.perform(much)).kind === 'count');
  await made.perform('c1.settimeout none');
  expect(await made.perform(`c1.${limit}`)).toMatchObject({ kind: 'none' });
  return made;
};

test('a close whose flush finds no room ends in time, and the file is closed, as in CPython', async () => {
  const { perform, port, close } = await withoutRoom('wb 1000000', 'settimeout 300ms');
  expect(await perform(`f1.write "${'x'.repeat(500_000)}"`)).toMatchObject({ kind: 'count' });
  const words = [python, 'close', `${port}`, '0.3'];
  const [outcome, { stdout }] = await Promise.all([
    perform('f1.close'),
    promisify(execFile)('python3', words),
  ]);
  expect(stdout.trim().split(/\s+/)).toEqual(['TimeoutError', 'True']);
  expect(outcome).toMatchObject({ kind: 'error', code: 'TIMEOUT' });
  expect(await perform('f1.write "x"')).toMatchObject({ kind: 'error', code: 'VALUE' });
  await close();
});

describe.skipIf(!available)(`under SO_SNDTIMEO${reason}`, () => {
  test.each(['c1.sendall', 'f1.write'])(
    '%s goes on while it sends something, and fails where it does not',
    async name => {
      const deadlines: (() => void)[] = [];
      const deadline: Clock['deadline'] = (_ms, over) => {
        deadlines.push(over);
        return () => {};
      };
      const serve = (socket: net.Socket) => void socket.pause();
      const clock = { ...systemClock, deadline };
      const { perform, close } = await withFile('wb', 0, serve, clock);
      await perform('c1.settimeout none');
      await perform('c1.setsockopt SOL_SOCKET SO_SNDTIMEO 60s');
      let ended: Outcome | undefined;
      void perform(`${name} 20MiB of "x"`).then(outcome => {
        ended = outcome;
      });
      await vi.waitFor(() => expect(deadlines.length).toBeGreaterThan(0));
      // It has sent what the kernel had room for.
      deadlines.at(-1)!();
      await pause(0);
      expect(ended).toBeUndefined();
      await vi.waitFor(
        () => {
          deadlines.at(-1)!();
          expect(ended).toBeDefined();
        },
        { timeout: limits.wait, interval: 10 },
      );
      expect(ended).toMatchObject({ kind: 'error', code: 'EAGAIN' });
      await close();
    },
  );
});

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Endpoint, portAt } from '../../source/core/addresses/endpoint.ts';
import { hasProgram, type Piped, startProgram, temporaryFolder } from '../cli/piping.ts';
import { type Calling, calling } from '../support/calling.ts';
import { certificates } from '../support/certificates.ts';
import { limits } from '../support/limits.ts';
import { available, reason } from './native.ts';

/** Programs of others that speak a protocol, or datagrams, each where it is installed: 1 MiB each way, a half-close, a reset. */
const files = certificates();
afterAll(files.dispose);

let bench: Calling;
beforeEach(() => {
  bench = calling();
});
afterEach(() => bench.bench.dispose());

const payload = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 2654435761) >>> 13));
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const whole = digest(payload);

/** So many bytes of it are a datagram: ncat reads 8 KiB at once. */
const datagram = 4096;
const pieces = Array.from({ length: payload.length / datagram }, (_, index) =>
  payload.subarray(index * datagram, (index + 1) * datagram),
);

const until = (holds: () => void) => vi.waitFor(holds, { timeout: limits.wait, interval: 1 });
const there = (path: string) => until(() => expect(existsSync(path)).toBe(true));

const send = (on: string, data: Uint8Array) =>
  bench.call({ name: 'sendall', on, data: { kind: 'literal', data, notation: 'text' } });

const bytesOf = async (line: string): Promise<Uint8Array> => {
  const outcome = await bench.call(line);
  if (outcome.kind !== 'data') throw new Error(`${line}: ${JSON.stringify(outcome)}`);
  return Uint8Array.from(outcome.data);
};

const runs = (program: string, flag?: string) => it.runIf(available && hasProgram(program, flag));

describe(`datagrams${reason}`, () => {
  runs('ncat')('ncat -u sends 1 MiB in datagrams and gets 1 MiB', async () => {
    await bench.call('u1 = socket AF_INET SOCK_DGRAM');
    await bench.call('u1.bind 127.0.0.1:0');
    const ncat = startProgram('ncat', ['-u', '127.0.0.1', String(portAt(bench.socket('u1')?.local))]);
    const got: Uint8Array[] = [];
    let sender: Endpoint | null = null;
    // One at a time: a datagram that finds a full queue is lost.
    for (const piece of pieces) {
      ncat.child.stdin!.write(piece);
      const outcome = await bench.call('u1.recvfrom 65536');
      if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
      got.push(Uint8Array.from(outcome.data));
      sender = outcome.from ?? null;
    }
    expect(got.map(({ length }) => length)).toEqual(pieces.map(({ length }) => length));
    expect(digest(Buffer.concat(got))).toBe(whole);
    const address = sender!;
    for (const [index, piece] of pieces.entries()) {
      await bench.call({
        name: 'sendto',
        on: 'u1',
        data: { kind: 'literal', data: piece, notation: 'text' },
        address,
      });
      await until(() => expect(ncat.out().length).toBe((index + 1) * datagram));
    }
    expect(digest(ncat.out())).toBe(whole);
  });

  runs('socat', '-V')('socat UNIX-SENDTO sends 1 MiB, none is lost', async () => {
    const path = join(temporaryFolder(), 'u');
    await bench.call('u1 = socket AF_UNIX SOCK_DGRAM');
    await bench.call(`u1.bind unix:${path}`);
    const socat = startProgram('socat', ['-u', '-b', String(datagram), 'STDIN', `UNIX-SENDTO:${path}`]);
    socat.child.stdin!.end(payload);
    const got: Uint8Array[] = [];
    for (let size = 0; size < payload.length; size += got.at(-1)!.length)
      got.push(await bytesOf('u1.recvfrom 65536'));
    expect(digest(Buffer.concat(got))).toBe(whole);
    expect(await socat.ended).toBe(0);
  });

  runs('socat', '-V')(
    'socat UNIX-RECV gets 1 MiB: a full queue holds sendto up; gone, it is refused',
    async () => {
      const path = join(temporaryFolder(), 'u');
      const socat = startProgram('socat', ['-u', `UNIX-RECV:${path}`, 'STDOUT']);
      await there(path);
      await bench.call('u1 = socket AF_UNIX SOCK_DGRAM');
      await bench.call(`u1.connect unix:${path}`);
      for (const piece of pieces)
        expect(
          await bench.call({
            name: 'send',
            on: 'u1',
            data: { kind: 'literal', data: piece, notation: 'text' },
          }),
        ).toMatchObject({ count: datagram });
      await until(() => expect(socat.out().length).toBe(payload.length));
      expect(digest(socat.out())).toBe(whole);
      socat.child.kill('SIGKILL');
      await socat.ended;
      expect(await bench.call('u1.send "x"')).toMatchObject({ kind: 'error', code: 'ECONNREFUSED' });
    },
  );
});

describe(`redis on a Unix socket${reason}`, () => {
  const serving = async (): Promise<void> => {
    const folder = temporaryFolder();
    const path = join(folder, 'r');
    const redis = startProgram('redis-server', [
      '--port',
      '0',
      '--unixsocket',
      path,
      '--save',
      '',
      '--dir',
      folder,
    ]);
    await redis.printed(/ready to accept connections/i);
    for (const name of ['c1', 'c2']) {
      await bench.call(`${name} = socket AF_UNIX SOCK_STREAM`);
      expect(await bench.call(`${name}.connect unix:${path}`)).toMatchObject({ kind: 'none' });
    }
  };
  const set = Buffer.concat([
    Buffer.from(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${payload.length}\r\n`),
    payload,
    Buffer.from('\r\n'),
  ]);
  const test = runs('redis-server');

  test('1 MiB is set and got, a half-close is answered by its own', async () => {
    await serving();
    await send('c1', set);
    expect((await bench.receive('c1', 5)).toString()).toBe('+OK\r\n');
    await send('c1', Buffer.from('GET k\r\n'));
    const head = `$${payload.length}\r\n`;
    expect((await bench.receive('c1', head.length)).toString()).toBe(head);
    expect(digest(await bench.receive('c1', payload.length))).toBe(whole);
    expect((await bench.receive('c1', 2)).toString()).toBe('\r\n');
    await bench.call('c1.shutdown SHUT_WR');
    expect(await bytesOf('c1.recv 10')).toHaveLength(0);
  });

  test('a reset in the middle of a request is no more than that connection', async () => {
    await serving();
    await send('c1', set.subarray(0, 1_000));
    await bench.call('c1.reset');
    await send('c2', Buffer.from('EXISTS k\r\n'));
    expect((await bench.receive('c2', 4)).toString()).toBe(':0\r\n');
  });
});

describe(`curl${reason}`, () => {
  const asking = async (...args: string[]): Promise<Piped> => {
    await bench.call('s1 = socket AF_INET SOCK_STREAM');
    await bench.call('s1.bind 127.0.0.1:0');
    await bench.call('s1.listen 5');
    const url = `https://localhost:${portAt(bench.socket('s1')?.local)}/`;
    const curl = startProgram('curl', ['-sS', '-4', '--http1.1', '--cacert', files.ca, ...args, url]);
    await bench.call('a1 = s1.accept');
    const wrapped = await bench.call(
      `a1.wrap server certfile "${files.good.cert}" keyfile "${files.good.key}" alpn "http/1.1"`,
    );
    expect(wrapped).toMatchObject({ kind: 'none', tls: { sni: 'localhost', alpn: 'http/1.1' } });
    return curl;
  };
  const test = runs('curl');

  test('reads an answer without a length to the half-close', async () => {
    const down = join(temporaryFolder(), 'down');
    const curl = await asking('-o', down);
    await bytesOf('a1.recv 65536');
    await send('a1', Buffer.from('HTTP/1.0 200 OK\r\n\r\n'));
    await send('a1', payload);
    await bench.call('a1.shutdown SHUT_WR');
    expect([await curl.ended, curl.err()]).toEqual([0, '']);
    expect(digest(readFileSync(down))).toBe(whole);
    expect(await bytesOf('a1.recv 10')).toHaveLength(0);
  });

  test('says that it was reset', async () => {
    const curl = await asking();
    await bytesOf('a1.recv 65536');
    await bench.call('a1.reset');
    expect(await curl.ended).toBe(56);
    expect(curl.err()).toMatch(/reset/i);
  });
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { available } from '../drivers/native.ts';
import { callOf } from '../support/playing.ts';
import { unixListening } from '../support/unix-listening.ts';
import { realBench } from './running.ts';

/** Programs of others on Unix sockets, each where it is installed: a MiB both ways, a half-close and a reset once. */
const lacks = (program: string, flag: string): boolean =>
  !available || spawnSync(program, [flag], { stdio: 'ignore' }).error !== undefined;

const mebibyte = 1 << 20;

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const sent = Buffer.alloc(mebibyte, 'a long song, ');

const place = (name = 'a'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
};

/** A program of somebody else's, ended with the test; `printed` is what came of it. */
const start = (program: string, args: readonly string[]) => {
  const child: ChildProcess = spawn(program, args);
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => pieces.push(piece));
  const status = new Promise<number | null>(resolve => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await status;
  });
  return { child, status, printed: () => Buffer.concat(pieces) };
};

const lineOn =
  (bench: Bench) =>
  (text: string): Promise<Outcome> =>
    new Promise(resolve => bench.perform(callOf(text), { onEnd: resolve }));

const dataOf = (outcome: Outcome): Buffer => {
  if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
  return Buffer.from(outcome.data);
};

/** What comes until the end of the stream, or until there is so much of it. */
const receive = async (line: ReturnType<typeof lineOn>, on: string, size: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for (let length = 0; length < size; ) {
    const piece = dataOf(await line(`${on}.recv 64KiB`));
    if (piece.length === 0) break;
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, size);
};

const connectTo = async (path: string) => {
  const line = lineOn(realBench());
  await line('c1 = socket AF_UNIX SOCK_STREAM');
  expect(await line(`c1.connect unix:${path}`)).toMatchObject({ kind: 'none' });
  return line;
};

const song = 'c1.sendall 1MiB of "a long song, "';

/** Bytes that a pipe holds without being read (pipe(7)). */
const pipeSize = 64 * 1024;

/**
 * An echo: all that is sent comes back, and the end of it too. No more is on its way than one pipe holds: ncat and socat
 * write to their cat and wait, and where cat waits for them to read, both would for ever.
 */
const echoes = async (path: string) => {
  const line = await connectTo(path);
  const back: Buffer[] = [];
  for (let at = 0; at < mebibyte; at += pipeSize) {
    expect(await line(`c1.sendall ${pipeSize} of "${sent.subarray(at, at + 13)}"`)).not.toMatchObject({
      kind: 'error',
    });
    back.push(await receive(line, 'c1', pipeSize));
  }
  expect(digestOf(Buffer.concat(back))).toBe(digestOf(sent));
  expect(await line('c1.shutdown SHUT_WR')).toMatchObject({ kind: 'none' });
  expect(dataOf(await line('c1.recv 1')).length).toBe(0);
};

describe('ncat', () => {
  test.skipIf(lacks('ncat', '--version'))('-lU has what was sent come back', async () => {
    const path = place();
    start('ncat', ['-lU', path, '--exec', '/bin/cat']);
    await unixListening(path);
    await echoes(path);
  });

  test.skipIf(lacks('ncat', '--version'))('-U -u sends datagrams', async () => {
    const path = place();
    const line = lineOn(realBench());
    await line('u1 = socket AF_UNIX SOCK_DGRAM');
    await line(`u1.bind unix:${path}`);
    const { child } = start('ncat', ['-U', '-u', path]);
    child.stdin?.write('one');
    expect(dataOf(await line('u1.recvfrom 100')).toString()).toBe('one');
  });
});

describe('socat', () => {
  test.skipIf(lacks('socat', '-V'))('UNIX-LISTEN has what was sent come back', async () => {
    const path = place();
    start('socat', [`UNIX-LISTEN:${path}`, 'EXEC:/bin/cat']);
    await unixListening(path);
    await echoes(path);
  });

  test.skipIf(lacks('socat', '-V'))('UNIX-CONNECT hears of a reset where bytes are left unread', async () => {
    const path = place();
    const line = lineOn(realBench());
    await line('s1 = socket AF_UNIX SOCK_STREAM');
    await line(`s1.bind unix:${path}`);
    await line('s1.listen 1');
    const { child, status, printed } = start('socat', ['-d', '-', `UNIX-CONNECT:${path}`]);
    await line('a1 = s1.accept');
    child.stdin?.write('two words');
    expect(dataOf(await line('a1.recv 3')).toString()).toBe('two');
    await line('a1.close');
    await status;
    expect(printed().toString()).toContain('reset');
  });

  test.skipIf(lacks('socat', '-V'))(
    'UNIX-SENDTO sends datagrams, a MiB of them, and none is lost',
    async () => {
      const path = place();
      const line = lineOn(realBench());
      await line('u1 = socket AF_UNIX SOCK_DGRAM');
      await line(`u1.bind unix:${path}`);
      const { child } = start('socat', ['-u', '-', `UNIX-SENDTO:${path}`]);
      child.stdin?.end(sent);
      expect(digestOf(await receive(line, 'u1', mebibyte))).toBe(digestOf(sent));
    },
  );
});

describe('redis', () => {
  test.skipIf(lacks('redis-server', '--version'))('answers on its socket, and keeps a MiB', async () => {
    const path = place();
    start('redis-server', ['--port', '0', '--unixsocket', path, '--save', '', '--dir', join(path, '..')]);
    await unixListening(path);
    const line = await connectTo(path);
    await line('c1.sendall "PING\\r\\n"');
    expect(dataOf(await line('c1.recv 7 MSG_WAITALL')).toString()).toBe('+PONG\r\n');
    await line(`c1.sendall "*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\na\\r\\n$${mebibyte}\\r\\n"`);
    await line(song);
    await line('c1.sendall "\\r\\n"');
    expect(dataOf(await line('c1.recv 5 MSG_WAITALL')).toString()).toBe('+OK\r\n');
    await line('c1.sendall "GET a\\r\\n"');
    const head = `$${mebibyte}\r\n`;
    expect(dataOf(await line(`c1.recv ${head.length} MSG_WAITALL`)).toString()).toBe(head);
    expect(digestOf(await receive(line, 'c1', mebibyte))).toBe(digestOf(sent));
  });
});

import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as dialTls } from 'node:tls';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSessionFile } from '../../source/cli/sessions/session-file.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { type Piped, startProgram, temporaryFolder } from './piping.ts';

beforeAll(ensureBuilt);

const program = join(projectFolder, 'bin/sockbench.cjs');

const relay = (...args: string[]): Piped =>
  startProgram(process.execPath, [program, 'relay', '--no-screen', ...args], 'pipe', {
    ...process.env,
    NODE_COMPILE_CACHE: '',
  });

/** Where a relay listens, as it says. */
const portOf = async (started: Piped): Promise<number> =>
  Number((await started.told(/^sockbench relay: listening on (?:tls:\/\/)?127\.0\.0\.1:(\d+), /m))[1]);

/** A server that answers at the end of what it is sent with how much that was. */
const counting = async (): Promise<number> => {
  const server = createServer({ allowHalfOpen: true }, socket => {
    let count = 0;
    socket.on('data', piece => {
      count += piece.length;
    });
    socket.on('end', () => socket.end(`got ${count}`));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
};

const connected = async (port: number): Promise<Socket> => {
  const socket = dial({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
};

/** Sends all of it and its end, and answers what comes back until the end. */
const ask = async (port: number, data: string): Promise<string> => {
  const socket = await connected(port);
  const pieces: Buffer[] = [];
  socket.on('data', piece => pieces.push(piece));
  socket.end(data);
  await once(socket, 'end');
  return Buffer.concat(pieces).toString();
};

describe('sockbench relay --no-screen', () => {
  test('passes on both ways, says a line for each connection, and its sum where a signal ends it', async () => {
    const target = await counting();
    const started = relay('0', `127.0.0.1:${target}`);
    const port = await portOf(started);
    expect(await ask(port, 'hello')).toBe('got 5');
    await started.told(/: 5 bytes there, 5 bytes back in \S+ m?s, .*\/s: both sides are done$/m);
    expect(await ask(port, 'x'.repeat(200_000))).toBe('got 200000');
    await started.told(/: 200000 bytes \(195\.3 KiB\) there, 10 bytes back .*: both sides are done$/m);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(143);
    expect(started.out().length).toBe(0);
    expect(started.err()).toMatch(
      /^sockbench relay: 2 connections, 200005 bytes .* there, 15 bytes back\n$/m,
    );
  });

  test('a signal resets what is connected, and the line says that it did', async () => {
    const started = relay('0', `127.0.0.1:${await counting()}`);
    const client = await connected(await portOf(started));
    const failed = once(client, 'error');
    client.write('half');
    // Accepted by now or still waiting: it is reset either way.
    started.child.kill('SIGINT');
    const [error] = await failed;
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNRESET');
    expect(await started.ended).toBe(130);
  });

  test('a target that refuses is told to the client by a reset, and by name in the line', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: free } = gone.address() as { port: number };
    gone.close();
    await once(gone, 'close');
    const started = relay('127.0.0.1', '0', `127.0.0.1:${free}`);
    const client = dial({ port: await portOf(started), host: '127.0.0.1' });
    const [error] = await once(client, 'error');
    expect((error as NodeJS.ErrnoException).code).toBe('ECONNRESET');
    await started.told(/: the target: nobody listens on 127\.0\.0\.1:\d+: .*\(connect ECONNREFUSED\)$/m);
  });

  test('a port that is taken is one sentence and 1; a recording has every call', async () => {
    const file = join(temporaryFolder(), 'session.jsonl');
    const target = await counting();
    const first = relay('--record', file, '0', `127.0.0.1:${target}`);
    const port = await portOf(first);
    const second = relay(String(port), `127.0.0.1:${target}`);
    expect(await second.ended).toBe(1);
    expect(second.err()).toMatch(/^sockbench relay: 127\.0\.0\.1:\d+ is taken: .*EADDRINUSE.*\n$/);
    expect(await ask(port, 'abc')).toBe('got 3');
    await first.told(/3 bytes there/);
    first.child.kill('SIGTERM');
    await first.ended;
    const read = await readSessionFile(file);
    if (!read.ok) throw new Error(read.message);
    const calls = read.session.entries.flatMap(entry => (entry.kind === 'ended' ? [entry.call.name] : []));
    expect(calls).toEqual(expect.arrayContaining(['accept', 'connect', 'sendall', 'shutdown', 'close']));
  });

  test('TLS in front and behind: the certificate is the front one, and -k is for what is connected', async () => {
    const inner = relay('tls://127.0.0.1:0', `127.0.0.1:${await counting()}`);
    const outer = relay('-k', 'tls://127.0.0.1:0', `tls://127.0.0.1:${await portOf(inner)}`);
    const options = { port: await portOf(outer), host: '127.0.0.1', allowHalfOpen: true };
    const client = dialTls({ ...options, rejectUnauthorized: false });
    onTestFinished(() => void client.destroy());
    const pieces: Buffer[] = [];
    client.on('data', piece => pieces.push(piece));
    client.end('over');
    await once(client, 'end');
    expect(Buffer.concat(pieces).toString()).toBe('got 4');
    await inner.told(/: 4 bytes there, 5 bytes back .*: both sides are done$/m);
    await outer.told(/ to tls:\/\/127\.0\.0\.1:\d+: 4 bytes there, 5 bytes back .*: both sides are done$/m);
  });
});

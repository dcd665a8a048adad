import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSessionFile } from '../../source/cli/sessions/session-file.ts';
import { materialise } from '../../source/core/bytes/bytes.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { pipe, placeOf, pythonPeer, temporaryFolder } from './piping.ts';

beforeAll(ensureBuilt);

const onUnix = process.platform !== 'win32';

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Accepts one client of a listener on a free port as `a`. */
const accepting = `
import socket, struct, sys
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
a, _ = s.accept()
`;

const readsThenAnswers = `${accepting}
data = b''
while piece := a.recv(65536): data += piece
a.sendall(b'got %d bytes' % len(data))
`;

const echoes = `${accepting}
import threading
pieces = []
def send():
    import time
    while True:
        while not pieces: time.sleep(0.001)
        piece = pieces.pop(0)
        if not piece: break
        a.sendall(piece)
    a.shutdown(socket.SHUT_WR)
thread = threading.Thread(target=send)
thread.start()
while piece := a.recv(65536): pieces.append(piece)
pieces.append(b'')
thread.join()
`;

/** The calls that a recording has, as they ended. */
const callsIn = async (file: string) => {
  const read = await readSessionFile(file);
  if (!read.ok) throw new Error(read.message);
  return read.session.entries.filter(entry => entry.kind === 'ended');
};

describe.runIf(onUnix)('sockbench pipe', () => {
  test('the end of standard input is a half-close: the answer that comes after it is read', async () => {
    const server = await pythonPeer(readsThenAnswers);
    const piped = pipe(['127.0.0.1', server.port]);
    piped.child.stdin!.end('hello');
    expect(await piped.ended).toBe(0);
    expect(piped.out().toString()).toBe('got 5 bytes');
    expect(piped.err()).toMatch(
      /^sockbench pipe: sent 5 bytes, received 11 bytes in \S+ m?s, .*\/s: both sides are done\n$/,
    );
  });

  test("the peer's end is not the pipe's: what standard input has after it is sent", async () => {
    const server = await pythonPeer(`${accepting}
a.sendall(b'bye'); a.shutdown(socket.SHUT_WR)
while piece := a.recv(65536): print('got', piece, flush=True)
print('end', flush=True)`);
    const piped = pipe(['--quiet', `127.0.0.1:${server.port}`]);
    await piped.printed(/bye/);
    piped.child.stdin!.write('one');
    await server.printed(/got b'one'/);
    piped.child.stdin!.end('two');
    await server.printed(/got b'two'\nend/);
    expect(await piped.ended).toBe(0);
    expect(piped.err()).toBe('');
  });

  test('--no-shutdown keeps the end of standard input to itself', async () => {
    const file = join(temporaryFolder(), 'session.jsonl');
    const server = await pythonPeer(`${accepting}\na.recv(9); a.shutdown(socket.SHUT_WR); a.recv(9)`);
    const piped = pipe(['--no-shutdown', '--record', file, '127.0.0.1', server.port]);
    piped.child.stdin!.end('hello');
    expect(await piped.ended).toBe(0);
    expect((await callsIn(file)).map(({ call }) => call.name).toSorted()).toEqual(
      ['socket', 'connect', 'sendall', 'recv', 'close'].toSorted(),
    );
  });

  test('-q ends with 0 so long after the end of standard input, whatever the peer does', async () => {
    const server = await pythonPeer(`${accepting}
print('got', a.recv(9), flush=True)
while a.recv(9): pass
import time
print('end', flush=True)
time.sleep(1000)`);
    const piped = pipe(['-q', '50ms', '127.0.0.1', server.port]);
    piped.child.stdin!.end('hello');
    await server.printed(/got b'hello'\nend/);
    expect(await piped.ended).toBe(0);
    expect(piped.err()).toContain('standard input had ended (--quit-after)');
  });

  test('a reset is 1, in words', async () => {
    const server = await pythonPeer(`${accepting}
a.recv(9)
a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); a.close()`);
    const piped = pipe(['127.0.0.1', server.port]);
    piped.child.stdin!.write('hello');
    expect(await piped.ended).toBe(1);
    expect(piped.err()).toMatch(/the peer reset the connection.*ECONNRESET[\s\S]*sent 5 bytes.*: failed/);
  });

  test('a peer that takes no more is 1, and what it has sent before is not lost', async () => {
    const server = await pythonPeer(`${accepting}
a.sendall(b'no more of that')
a.shutdown(socket.SHUT_RDWR); a.close()`);
    const piped = pipe(['127.0.0.1', server.port]);
    await piped.printed(/no more of that/);
    await server.ended;
    let over = false;
    void piped.ended.then(() => {
      over = true;
    });
    // The first brings a reset, which a later one meets.
    while (!over && piped.child.stdin!.writable) {
      piped.child.stdin!.write('x');
      await turn();
    }
    expect(await piped.ended).toBe(1);
    expect(piped.out().toString()).toBe('no more of that');
    expect(piped.err()).toMatch(/takes no more of standard input \(EPIPE\)|reset the connection/);
  });

  test('nobody there is 1, an argument that is none 2, each in a sentence', async () => {
    const listener = await pythonPeer(accepting);
    listener.child.kill();
    await listener.ended;
    const refused = pipe(['127.0.0.1', listener.port]);
    expect(await refused.ended).toBe(1);
    expect(refused.err()).toMatch(/^sockbench pipe: nobody listens on 127\.0\.0\.1:\d+.*\(ECONNREFUSED.*\n$/);
    for (const [args, words] of [
      [['127.0.0.1:1', '127.0.0.1:2'], /one address too many/],
      [['-u', 'tls://127.0.0.1:1'], /is TLS, which needs a stream: leave -u out/],
      [['--timeout', 'soon', '127.0.0.1:1'], /--timeout: "soon" is no time/],
      [['99999'], /99999 is no port/],
      [[], /missing required argument 'ADDR'/],
    ] as const) {
      const piped = pipe(args);
      expect(await piped.ended).toBe(2);
      expect(piped.err()).toMatch(words);
      expect(piped.out().length).toBe(0);
    }
  });

  test('--timeout ends with 1 where nothing comes or goes', async () => {
    const server = await pythonPeer(`${accepting}\na.recv(9)`);
    const piped = pipe(['--timeout', '200ms', '127.0.0.1', server.port]);
    expect(await piped.ended).toBe(1);
    expect(piped.err()).toContain('nothing came or went for 200ms (--timeout)');
  });

  test('what came while the pipe itself was held up for as long is no silence', async () => {
    const server = await pythonPeer(`${accepting}
import os, signal, time
pid = b''
while piece := a.recv(99): pid += piece
os.kill(int(pid), signal.SIGSTOP)
while open(f'/proc/{int(pid)}/stat').read().rsplit(') ')[1][0] not in 'TZ': time.sleep(0.005)
a.sendall(b'there')
a.close()
time.sleep(3.2)
os.kill(int(pid), signal.SIGCONT)
`);
    const piped = pipe(['--timeout', '3s', '127.0.0.1', server.port]);
    piped.child.stdin!.end(`${piped.child.pid}`);
    expect(await piped.ended).toBe(0);
    expect(piped.out().toString()).toBe('there');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s is %i', async (signal, status) => {
    const server = await pythonPeer(`${accepting}\na.sendall(b'hello'); a.recv(9)`);
    const piped = pipe(['127.0.0.1', server.port]);
    await piped.printed(/hello/);
    piped.child.kill(signal);
    expect(await piped.ended).toBe(status);
    expect(piped.err()).toContain('received 5 bytes');
  });

  test('a reader of standard output that leaves is 141', async () => {
    const server = await pythonPeer(`${accepting}
try:
    while True: a.sendall(b'x' * 65536)
except OSError: print('gone', flush=True)`);
    const piped = pipe(['127.0.0.1', server.port]);
    piped.child.stdout!.once('data', () => piped.child.stdout!.destroy());
    expect(await piped.ended).toBe(141);
    expect(piped.err()).toContain('the reader of standard output left');
    await server.printed(/gone/);
  });

  test.runIf(process.platform === 'linux')('a full disk is 4', async () => {
    const server = await pythonPeer(`${accepting}\na.sendall(b'hello'); a.recv(9)`);
    const piped = pipe(['127.0.0.1', server.port], ['pipe', openSync('/dev/full', 'w'), 'pipe']);
    expect(await piped.ended).toBe(4);
    expect(piped.err()).toMatch(/standard output cannot be written: the disk is full[\s\S]*takes no more/);
  });

  test('--listen takes one connection, and a second is refused', async () => {
    const first = pipe(['--listen', '0', '--quiet']);
    const [, port = ''] = /:(\d+)$/.exec(await placeOf(first))!;
    const second = pipe(['127.0.0.1', port]);
    second.child.stdin!.end('from the client');
    await first.printed(/from the client/);
    const third = pipe(['127.0.0.1', port]);
    expect(await third.ended).toBe(1);
    first.child.stdin!.end('from the listener');
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(second.out().toString()).toBe('from the listener');
  });

  test('standard input and output may be files, and /dev/null', async () => {
    const folder = temporaryFolder();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(join(folder, 'in'), bytes);
    const server = await pythonPeer(echoes);
    const files = [openSync(join(folder, 'in'), 'r'), openSync(join(folder, 'out'), 'w'), 'pipe'] as const;
    const piped = pipe(['127.0.0.1', server.port], [...files]);
    expect(await piped.ended).toBe(0);
    expect(digestOf(readFileSync(join(folder, 'out')))).toBe(digestOf(bytes));
    const other = await pythonPeer(readsThenAnswers);
    const empty = pipe(['127.0.0.1', other.port], ['ignore', 'pipe', 'pipe']);
    expect(await empty.ended).toBe(0);
    expect(empty.out().toString()).toBe('got 0 bytes');
  });

  test('a folder as standard input is 1, and the peer is not told that this was all', async () => {
    const server = await pythonPeer(`${accepting}
try: print('got', a.recv(9), flush=True)
except ConnectionResetError: print('reset', flush=True)`);
    const piped = pipe(['127.0.0.1', server.port], [openSync('/', 'r'), 'pipe', 'pipe']);
    expect(await piped.ended).toBe(1);
    expect(piped.err()).toContain('standard input cannot be read (EISDIR)');
  });

  test('--record has every call, with every byte of both directions', async () => {
    const file = join(temporaryFolder(), 'session.jsonl');
    const server = await pythonPeer(echoes);
    const piped = pipe(['--record', file, '127.0.0.1', server.port]);
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251));
    piped.child.stdin!.end(bytes);
    expect(await piped.ended).toBe(0);
    expect(digestOf(piped.out())).toBe(digestOf(bytes));
    const calls = await callsIn(file);
    const sent = calls.map(({ call }) =>
      call.name === 'sendall' ? materialise(call.data) : Buffer.alloc(0),
    );
    const received = calls.map(({ outcome }) => (outcome.kind === 'data' ? outcome.data : Buffer.alloc(0)));
    const names = new Set(calls.map(({ call }) => call.name));
    expect([...names].toSorted()).toEqual(
      ['socket', 'connect', 'sendall', 'recv', 'shutdown', 'close'].toSorted(),
    );
    expect([sent, received].map(pieces => digestOf(Buffer.concat(pieces)))).toEqual(
      [bytes, bytes].map(digestOf),
    );
    const taken = pipe(['--record', file, '127.0.0.1', server.port]);
    expect(await taken.ended).toBe(2);
    expect(taken.err()).toContain('is there already');
  });

  test('a reader that does not read holds up the peer, and costs no memory', async () => {
    const server = await pythonPeer(`${accepting}
import select
a.setblocking(False)
sent, piece, total = 0, b'0123456789abcdef' * 4096, 256 << 20
while sent < total:
    if not select.select([], [a], [], 1)[1]: print('held up', sent, flush=True)
    select.select([], [a], [])
    sent += a.send(piece[sent % len(piece):])
a.setblocking(True)
print('all', sent, flush=True)
`);
    const piped = pipe(['127.0.0.1', server.port]);
    piped.child.stdin!.end();
    piped.child.stdout!.pause();
    const [, heldUp] = await server.printed(/^held up (\d+)$/m);
    expect(Number(heldUp)).toBeLessThan(64 << 20);
    let size = 0;
    piped.child.stdout!.removeAllListeners('data');
    const hash = createHash('sha256');
    piped.child.stdout!.on('data', (data: Buffer) => {
      size += data.length;
      hash.update(data);
    });
    piped.child.stdout!.resume();
    await once(piped.child.stdout!, 'end');
    expect(size).toBe(256 << 20);
    const expected = createHash('sha256');
    for (let block = 0; block < 4096; block++) expected.update('0123456789abcdef'.repeat(4096));
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(await piped.ended).toBe(0);
  });
});

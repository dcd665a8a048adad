import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSessionFile } from '../../source/cli/sessions/session-file.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { hasProgram, type Piped, pythonPeer, startProgram, temporaryFolder } from './piping.ts';

beforeAll(ensureBuilt);

const relay = (...args: string[]): Piped =>
  startProgram(
    process.execPath,
    [join(projectFolder, 'bin/sockbench.cjs'), 'relay', '--no-screen', ...args],
    'pipe',
    { ...process.env, NODE_COMPILE_CACHE: '' },
  );

const portOf = async (started: Piped): Promise<number> =>
  Number((await started.told(/^sockbench relay: listening on udp:\/\/127\.0\.0\.1:(\d+), /m))[1]);

const opened = async (port = 0): Promise<Socket> => {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  onTestFinished(() => void socket.close());
  await once(socket, 'listening');
  return socket;
};

/** A server that answers each datagram with itself, in capitals. */
const shouting = async (port = 0): Promise<number> => {
  const socket = await opened(port);
  socket.on('message', (data, from) => socket.send(data.toString().toUpperCase(), from.port, from.address));
  return socket.address().port;
};

/** What comes back, and from which port. */
const ask = async (socket: Socket, port: number, words: string): Promise<[string, number]> => {
  const answered = once(socket, 'message');
  socket.send(words, port, '127.0.0.1');
  const [data, from] = (await answered) as [Buffer, { port: number }];
  return [data.toString(), from.port];
};

describe('sockbench relay --no-screen, of datagrams', () => {
  test('answers each sender from where it wrote to, and says a line for each', async () => {
    const file = join(temporaryFolder(), 'session.jsonl');
    const target = await shouting();
    const started = relay('--record', file, 'udp://127.0.0.1:0', `udp://127.0.0.1:${target}`);
    const port = await portOf(started);
    const [one, other] = [await opened(), await opened()];
    const asked = await Promise.all([ask(one, port, 'one'), ask(other, port, 'other')]);
    expect(asked).toEqual([
      ['ONE', port],
      ['OTHER', port],
    ]);
    expect(await ask(one, port, 'again')).toEqual(['AGAIN', port]);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(143);
    const lines = started.err().split('\n');
    const lineOf = (socket: Socket) =>
      lines.find(line => line.includes(`: 127.0.0.1:${socket.address().port} to udp:`));
    expect(lineOf(one)).toMatch(/: 8 bytes there, 8 bytes back in .*: stopped by a signal$/);
    expect(lineOf(other)).toMatch(/: 5 bytes there, 5 bytes back in .*: stopped by a signal$/);
    expect(started.err()).toMatch(/^sockbench relay: 2 senders, 13 bytes there, 13 bytes back\n$/m);
    const read = await readSessionFile(file);
    if (!read.ok) throw new Error(read.message);
    const calls = read.session.entries.flatMap(entry => (entry.kind === 'ended' ? [entry.call.name] : []));
    expect(calls).toEqual(
      expect.arrayContaining(['recvfrom', 'connect', 'settimeout', 'send', 'recv', 'sendto', 'close']),
    );
    expect(calls.filter(name => name === 'connect')).toHaveLength(2);
  });

  test('says at once that nobody listens, and passes on once somebody does', async () => {
    const gone = createSocket('udp4').bind(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: free } = gone.address();
    gone.close();
    await once(gone, 'close');
    const started = relay('udp://127.0.0.1:0', `udp://127.0.0.1:${free}`);
    const port = await portOf(started);
    const sender = await opened();
    sender.send('lost', port, '127.0.0.1');
    await started.told(/ to udp:\/\/127\.0\.0\.1:\d+: the target: .*\(\w+ ECONNREFUSED\)$/m);
    await shouting(free);
    expect(await ask(sender, port, 'kept')).toEqual(['KEPT', port]);
    started.child.kill('SIGTERM');
    await started.ended;
    expect(started.err()).toMatch(/^sockbench relay: 1 sender, /m);
  });

  test.each([
    [['udp://127.0.0.1:5353', 'udp://localhost:5353'], /would lead back to itself$/m],
    [['udp://127.0.0.1:5353', '127.0.0.1:53'], /carries datagrams and 127\.0\.0\.1:53 a stream/],
    [['5353', 'udp://127.0.0.1:53'], /carries datagrams and 5353 a stream/],
  ])('%j is one sentence, and 2', async (addresses, sentence) => {
    const started = relay(...addresses);
    expect(await started.ended).toBe(2);
    expect(started.err()).toMatch(sentence);
    expect(started.err().trimEnd()).not.toContain('\n');
  });
});

/** Answers each datagram with itself, whatever it holds. */
const echo = `
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 0))
print('listening', server.getsockname()[1], flush=True)
while True:
    data, sender = server.recvfrom(65536)
    server.sendto(data, sender)
`;

/** Datagrams of many sizes, an empty one too: each comes back whole; then 40 at once, in order. */
const checking = (port: number): string => `
import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(('127.0.0.1', ${port}))
for size in (1, 0, 1472, 9000, 60000, 3):
    sent = bytes((size + i) & 255 for i in range(size))
    client.send(sent)
    assert client.recv(65536) == sent, size
for number in range(40):
    client.send(b'%d' % number)
got = [int(client.recv(65536)) for _ in range(40)]
assert got == list(range(40)), got
print('whole and in order', flush=True)
`;

describe.skipIf(!hasProgram('python3'))('a relay of datagrams between programs of others', () => {
  test('keeps their bounds and their order for several Python clients at once', async () => {
    const server = await pythonPeer(echo);
    const started = relay('udp://127.0.0.1:0', `udp://127.0.0.1:${server.port}`);
    const port = await portOf(started);
    const clients = [1, 2, 3].map(() => startProgram('python3', ['-c', checking(port)]));
    expect(await Promise.all(clients.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    started.child.kill('SIGTERM');
    await started.ended;
    expect(started.err()).toMatch(/^sockbench relay: 3 senders, /m);
  });

  test.skipIf(!hasProgram('socat', '-V'))('answers socat', async () => {
    const server = await pythonPeer(echo);
    const started = relay('udp://127.0.0.1:0', `udp://127.0.0.1:${server.port}`);
    const client = startProgram('socat', ['-', `UDP:127.0.0.1:${await portOf(started)}`]);
    client.child.stdin?.write('hello\n');
    await client.printed(/^hello$/m);
    client.child.kill('SIGTERM');
    await client.ended;
  });
});

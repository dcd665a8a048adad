import { spawnSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { type Peer, pythonClient, startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { inEitherOrder } from './either-order.ts';

const keep = createKeeper();

afterEach(keep.end);

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

/** Timeouts of another program's sockets are asked through koffi: without it nothing is certain. */
const isCertain = hasPython && (await lacks('koffi')) === null;

/** A server in Python that does this with the connection `c` that it accepts. */
const server = async (serve: string): Promise<{ peer: Peer; port: string }> => {
  const script = `
import socket, struct, time
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
c, _ = s.accept()
try:
    ${serve}
except OSError as error:
    print('failed', type(error).__name__, flush=True)
time.sleep(1000)`;
  const peer = keep.peer(startPeer('python3', ['-c', script]));
  const [, port] = await peer.until(/listening (\d+)/);
  return { peer, port: port! };
};

/** A workbench whose s1 is a relay to there, and where s1 listens. */
const relayTo = async (target: string): Promise<{ terminal: Terminal; port: number }> => {
  const args = ['listen', '127.0.0.1:0'];
  const terminal = keep.terminal(await openWorkbench({ args, cols: 180, rows: 50 }));
  await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
  const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
  terminal.type(`:s1.relay 127.0.0.1:${target}${key.enter}`);
  await terminal.until(/s1 is a relay to/);
  return { terminal, port };
};

test.skipIf(!isCertain)(
  'a deadlock of two programs that know nothing of the relay between them names both, and both ends of the relay',
  async () => {
    const { port: target } = await server('c.recv(100)');
    const { terminal, port } = await relayTo(target);
    const client = keep.peer(pythonClient(port));
    client.say('recv');
    await terminal.until(/DEADLOCK: .*a1\.recv waits for p\d to send/);
    await terminal.until(/DEADLOCK: .*c1\.recv waits for p\d to send/);
    await terminal.until(/passed on to c1\b[\s\S]*python3, pid \d+, is in recv/);
    await terminal.until(/passed on to a1\b[\s\S]*python3, pid \d+, is in recv/);
  },
);

test.skipIf(!isCertain)(
  'so does one of the client of the bench with a program behind the relay',
  async () => {
    const { port: target } = await server('c.recv(100)');
    const { terminal, port } = await relayTo(target);
    terminal.type(`:client.policy single${key.enter}`);
    terminal.type(`:client.loop receive off${key.enter}`);
    terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
    await terminal.until(/c1 ESTAB/);
    terminal.type(`:c1.recv 100${key.enter}`);
    await terminal.until(/DEADLOCK: .*c1\.recv waits for a1 to send.*; p1 is python3/);
    await terminal.until(
      inEitherOrder(
        String.raw`c2\.recv waits for p1 to send`,
        String.raw`p1\.\d+\.recv waits for c2 to send`,
      ),
    );
  },
);

test.skipIf(!hasPython)('a server that does not read is told on both legs', async () => {
  const { port: target } = await server('time.sleep(1000)');
  const { terminal, port } = await relayTo(target);
  const client = keep.peer(pythonClient(port));
  client.say("send b'x' * 50_000_000");
  await terminal.until(/zero window: a1 has no room to receive/);
  await terminal.until(/zero window: (?:p\d\.\d+|its peer) has no room to receive/);
  expect(terminal.picture()).not.toMatch(/DEADLOCK/);
});

test.skipIf(!hasPython)('a reset passes through, from either end', async () => {
  const { peer, port: target } = await server('print(c.recv(100), flush=True)');
  const { terminal, port } = await relayTo(target);
  const client = keep.peer(pythonClient(port));
  await client.until('connected');
  await terminal.until(/c1 ESTAB/);
  client.say('reset');
  await peer.until('failed ConnectionResetError');
  await terminal.until(/c1\.reset = ok/);

  const { port: other } = await server(
    'c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()',
  );
  terminal.type(`:s1.relay 127.0.0.1:${other}${key.enter}`);
  await terminal.until(new RegExp(`s1 is a relay to 127\\.0\\.0\\.1:${other}`));
  const second = keep.peer(pythonClient(port));
  second.say('recv');
  await second.until('ConnectionResetError');
  expect(await second.exited).toBe(1);
});

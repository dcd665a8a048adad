import { afterEach, test } from 'vitest';
import { lacks } from '../../source/cli/lacks.ts';
import { startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

/** Timeouts of another program's sockets are asked through koffi: without it nothing is certain. */
const isCertain = (await lacks('koffi')) === null;

afterEach(keep.end);

const python = async (script: string): Promise<string> => {
  const peer = keep.peer(startPeer('python3', ['-c', script]));
  const [, port] = await peer.until(/listening (\d+)/);
  return port!;
};

const listening = (rest: string, backlog = 5): string => `
import socket, sys, time
s = socket.create_server(('127.0.0.1', 0), backlog=${backlog})
print('listening', s.getsockname()[1], flush=True)
${rest}`;

const connected = async (port: string, loop = false) => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  if (!loop) {
    terminal.type('R');
    await terminal.until(/receive loop off/);
  }
  terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  await terminal.until(/c1 ESTAB/);
  return terminal;
};

test('both ends send and neither receives: the program, what it is in, both queues, and the key that frees it', async () => {
  const port = await python(
    listening('c, _ = s.accept()\nc.sendall(bytes(50_000_000))\nprint("sent all", flush=True)'),
  );
  const terminal = await connected(port);
  terminal.type(`:c1.sendall 64MiB of "x"${key.enter}`);
  await terminal.until(/c1 ESTAB → python3 127\.0\.0\.1:\d+/);
  await terminal.until(/python3, pid \d+, is in send, .* unread, .* unsent/);
  await terminal.until(/waits for python3 \(p1\) to recv; both directions are full: r receives on c1/);
  terminal.type('w');
  await terminal.until(/p1\.4\.send .*waits for you: r receives on c1/);
  await terminal.until(/c1\.sendall .*waits for python3 \(p1\) to recv/);
  terminal.type(key.escape);
  await terminal.until(/1 Client \*/);
});

test.skipIf(!isCertain)(
  'under one thread both wait for each other: a deadlock, with the program and with what the person can do',
  async () => {
    const port = await python(listening('c, _ = s.accept()\nc.sendall(bytes(50_000_000))'));
    const terminal = await connected(port);
    terminal.type(`:policy single${key.enter}`);
    await terminal.until(/1 Client \* +single/);
    terminal.type(`:c1.sendall 64MiB of "x"${key.enter}`);
    await terminal.until(/DEADLOCK: c1\.sendall waits for p1 to recv, p1\.4\.send waits for c1 to recv/);
    terminal.type('w');
    await terminal.until(/DEADLOCK +2 calls wait for each other/);
    await terminal.until(/x on c1 +cancels c1\.sendall/);
    terminal.type(`${key.escape}x`);
    await terminal.until(/c1\.sendall .*INTERRUPTED|KeyboardInterrupt/);
    await terminal.until(/over: DEADLOCK/);
  },
);

test('a program that handles SIGALRM may go on: they wait for each other, and it is said who may end it', async () => {
  const port = await python(
    listening('import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\nc, _ = s.accept()\nc.recv(1)'),
  );
  const terminal = await connected(port);
  terminal.type(`:policy single${key.enter}`);
  await terminal.until(/1 Client \* +single/);
  terminal.type(`:c1.recv 100${key.enter}`);
  await terminal.until(/waiting for each other: c1\.recv waits for p1 to send/);
  terminal.type('w');
  await terminal.until(/p1's thread \d+ handles SIGALRM, which may take it out of the call/);
  await terminal.until(/x on c1 +cancels c1\.recv/);
});

test('a server that never accepts: which place in its queue', async () => {
  const port = await python(listening('time.sleep(1000)'));
  const terminal = await connected(port);
  terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  await terminal.until(/not accepted yet: 1st of 2 at :\d+; python3, pid \d+, sleeps/);
  await terminal.until(/not accepted yet: 2nd of 2 at :\d+/);
});

test('a peer that sleeps is told as asleep', async () => {
  const port = await python(listening('c, _ = s.accept()\ntime.sleep(1000)'));
  const terminal = await connected(port, true);
  await terminal.until(/python3, pid \d+, sleeps, \d/);
  await terminal.until(/waits for python3 \(p1\) to send/);
});

test('ncat that connects is named, and no row names it once it has ended', async () => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  const port = await listen(terminal);
  const peer = keep.peer(startPeer('ncat', ['127.0.0.1', String(port)]));
  await terminal.until(/a1 ESTAB → ncat 127\.0\.0\.1:\d+/);
  await terminal.until(/ncat, pid \d+, is in poll/);
  await peer.stop();
  await terminal.until(lines => !lines.some(line => /ncat, pid \d+, is/.test(line)));
  await terminal.until(/p1 (is gone|was killed by SIGKILL)/);
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';
import { inEitherOrder } from './either-order.ts';

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

const connected = async (port: string, loop = false, size = { cols: 120, rows: 36 }) => {
  const terminal = keep.terminal(await openWorkbench(size));
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
  await terminal.until(/p1\.4\.send .*waits for you: Esc r receives on c1/);
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
    await terminal.until(
      inEitherOrder(
        String.raw`c1\.sendall waits for p1 to recv`,
        String.raw`p1\.4\.send waits for c1 to recv`,
      ),
    );
    terminal.type('w');
    await terminal.until(/DEADLOCK +2 calls wait for each other/);
    await terminal.until(/x on its row +cancels c1\.sendall/);
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
  // The one that was seen first stands first.
  await terminal.until(/waiting for each other: .*c1\.recv waits for p1 to send/);
  terminal.type('w');
  await terminal.until(/p1's thread \d+ handles SIGALRM, which may take it out of the call/);
  await terminal.until(/x on its row +cancels c1\.recv/);
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

test('a lab on the screen names the program that it needs, too', async () => {
  const port = await python(listening('c, _ = s.accept()\ntime.sleep(1000)'));
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'asked.yaml');
  const lines = ['c1 = socket', `c1.connect 127.0.0.1:${port}`, 'c1.recv 100'];
  writeFileSync(
    file,
    [
      'lab: asked',
      'title: Asked',
      'needs: peer',
      'stages:',
      '  - do: |',
      ...lines.map(line => `      ${line}`),
      '',
    ].join('\n'),
  );
  const terminal = keep.terminal(await openWorkbench({ args: ['lab', file], cols: 120, rows: 36 }));
  for (const [index] of lines.entries()) {
    await terminal.until(shown =>
      shown.some(line => line.includes(`> next`) && line.includes(lines[index]!)),
    );
    terminal.type(key.space);
  }
  await terminal.until(/c1 ESTAB → python3 127\.0\.0\.1:\d+/);
  await terminal.until(/python3, pid \d+, sleeps/);
  await terminal.until(/waits for python3 \(p1\) to send/);
});

test('a connection that two processes have open, after a fork: both are named, and one of them may act', async () => {
  const port = await python(
    listening('import os\nc, _ = s.accept()\nc.recv(1) if os.fork() == 0 else os.wait()'),
  );
  const terminal = await connected(port);
  terminal.type(`:policy single${key.enter}`);
  await terminal.until(/1 Client \* +single/);
  terminal.type(`:c1.recv 100${key.enter}`);
  await terminal.until(/python3, pid \d+, .*; python3, pid \d+ has it open too/);
  await terminal.until(/waits for python3 \(p\d\) or python3 \(p\d\) to send/);
  expect(terminal.picture()).not.toMatch(/DEADLOCK|waiting for each other/);
  // The child ends with the connection; until then it holds the output that its parent is awaited by.
  await terminal.dispose();
});

test("in a narrow window the program's name and number stand whole", async () => {
  const port = await python(listening('c, _ = s.accept()\ntime.sleep(1000)'));
  const terminal = await connected(port, true, { cols: 60, rows: 24 });
  await terminal.until(/c1 ESTAB → python3 127\.0/);
  await terminal.until(/python3, pid \d+, sleeps/);
});

const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath];

/** Another user is to be, and to get at Node and this folder. */
const canBeNobody = (): boolean => {
  if (process.getuid?.() !== 0) return false;
  const reads = `require('fs').accessSync(${JSON.stringify(join(projectFolder, 'bin/load.cjs'))})`;
  return spawnSync('setpriv', [...asNobody, '-e', reads]).status === 0;
};

test.runIf(canBeNobody())('of two programs the one of another user is not named', async () => {
  const port = await python(listening('c, _ = s.accept()\ntime.sleep(1000)'));
  const script = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log('listening', this.address().port) })`;
  const own = keep.peer(startPeer('setpriv', [...asNobody, '-e', script]));
  const [, ownPort] = await own.until(/listening (\d+)/);
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-nobody-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o777);
  const names = ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'];
  ensureBuilt();
  const [program, ...args] = asNobody;
  const bench = [join(projectFolder, 'bin/sockbench.cjs'), 'connect', `127.0.0.1:${port}`];
  const env = Object.fromEntries(names.map(name => [name, folder]));
  const terminal = keep.terminal(
    await openWorkbench({ command: 'setpriv', program: program!, args: [...args, ...bench], env }),
  );
  await terminal.until(/c1 ESTAB → /);
  terminal.type(`:connect 127.0.0.1:${ownPort}${key.enter}`);
  await terminal.until(/c2 ESTAB → node 127\.0/);
  await terminal.until(/c1 ESTAB → 127\.0/);
  await terminal.until(/waits for 127\.0\.0\.1:\d+ to send \(foreign\)/);
  expect(terminal.picture()).not.toContain('python3');
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

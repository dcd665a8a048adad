import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { pythonServer } from '../e2e/foreign.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** A number that can be a port of every kind here, as a word of the command line. */
const somePort = async (): Promise<string> => {
  const port = await freePort('127.0.0.1');
  expect(port).not.toBeNull();
  return String(port);
};

const screenOf = async (...args: string[]) => keep.terminal(await openWorkbench({ args }));

test('listen -p is the port, alone, with a host, and with -6', async () => {
  const port = await somePort();
  await (await screenOf('listen', '-p', port)).until(new RegExp(`s1 LISTEN 127\\.0\\.0\\.1:${port}`));
  await (await screenOf('listen', '-p', port, '127.0.0.2')).until(
    new RegExp(`s1 LISTEN 127\\.0\\.0\\.2:${port}`),
  );
  await (await screenOf('listen', '-6', '-p', port)).until(new RegExp(`s1 LISTEN \\[::1\\]:${port}`));
});

test('connect -p is the port to come from, for TCP and for UDP with its receive loop on', async () => {
  const { peer, port } = await pythonServer();
  keep.peer(peer);
  const own = await somePort();
  const toPeer = new RegExp(`127\\.0\\.0\\.1:${own} to 127\\.0\\.0\\.1:${port} \\(foreign\\)`);
  const tcp = await screenOf('connect', '-p', own, '127.0.0.1', String(port));
  await tcp.until(toPeer);
  const udp = await screenOf('connect', '-u', '-p', own, '127.0.0.1', String(port));
  await udp.until(toPeer);
  await udp.until(/c1 ESTAB[\s\S]*recvfrom 64KiB {2}loop +BLOCKED/);
});

test('connect -p says who has the port to come from', async () => {
  const { peer, port } = await pythonServer();
  keep.peer(peer);
  const terminal = await screenOf('connect', '-p', String(port), '127.0.0.1', String(port));
  await terminal.until(/c1\.bind .* = EADDRINUSE/);
  await terminal.until(/! connect 127\.0\.0\.1 \d+: .*is taken/);
});

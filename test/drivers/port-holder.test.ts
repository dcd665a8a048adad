import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { portHolder } from '../../source/drivers/kernel/port-holder.ts';
import { eventually, keep } from './observing.ts';
import { listening, onLinux, pair, portOf } from './sockets.ts';
import { roomForTimeWait } from './time-wait.ts';

const node = expect.stringMatching(/^node/);

describe.skipIf(!onLinux)('who has a port', () => {
  it('is this process for a listener of its own, on any address', async () => {
    for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
      const port = portOf(keep(await listening(host)));
      expect(await portHolder('tcp', port)).toEqual({
        pid: process.pid,
        name: node,
        state: 'LISTEN',
        local: inet(host, port),
      });
    }
  });

  it('is another process, by pid and name', async () => {
    const script =
      "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    keep({ close: () => child.kill() });
    const port = Number(await new Promise<Buffer>(resolve => child.stdout.once('data', resolve)));
    expect(await portHolder('tcp', port)).toMatchObject({ pid: child.pid, name: node, state: 'LISTEN' });
    expect(await portHolder('udp', port)).toBeNull();
  });

  it('is told for UDP', async () => {
    const socket = keep(dgram.createSocket('udp4'));
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    expect(await portHolder('udp', port)).toMatchObject({ pid: process.pid, name: node, state: 'UNCONN' });
  });

  it('is nobody once only TIME-WAIT is left of a connection', async () => {
    await roomForTimeWait();
    const server = await listening('127.0.0.1');
    const port = portOf(server);
    const { client, accepted } = await pair(server, '127.0.0.1');
    client.resume();
    accepted.resume().end();
    await new Promise(resolve => client.once('close', resolve));
    await new Promise(resolve => server.close(resolve));
    expect(await portHolder('tcp', port)).toEqual({
      pid: null,
      name: '',
      state: 'TIME-WAIT',
      local: inet('127.0.0.1', port),
    });
  });

  it('is null where nothing has it', async () => {
    // Others of this machine may get the port meanwhile: then another one is tried.
    await eventually(async () => {
      const server = await listening('127.0.0.1');
      const port = portOf(server);
      await new Promise(resolve => server.close(resolve));
      expect(await portHolder('tcp', port)).toBeNull();
    });
  });
});

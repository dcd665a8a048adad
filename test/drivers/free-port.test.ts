import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { firstOfSystem, freePort, isFreePort } from '../../source/drivers/system/free-port.ts';
import { available } from './native.ts';
import { roomForTimeWait } from './time-wait.ts';

describe('a free port', () => {
  it('is none that the system gives to a socket which asks for none, and none is given twice', async () => {
    const found: number[] = [];
    for (let each = 0; each < 50; each++) found.push((await freePort('127.0.0.1'))!);
    expect(found.every(Number.isInteger)).toBe(true);
    expect(Math.max(...found)).toBeLessThan(await firstOfSystem());
    expect(new Set(found).size).toBe(found.length);
  });

  it('is not one that a UDP socket has', async () => {
    const port = (await freePort('127.0.0.1'))!;
    const holder = createSocket('udp4').bind(port, '127.0.0.1');
    await once(holder, 'listening');
    expect(await isFreePort('127.0.0.1', port)).toBe(false);
    holder.close();
  });

  it('is not one that a TCP listener has', async () => {
    const port = (await freePort('127.0.0.1'))!;
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    expect(await isFreePort('127.0.0.1', port)).toBe(false);
    holder.close();
  });

  it.runIf(available)(
    'is not one that a TIME-WAIT holds: a bind without SO_REUSEADDR is refused there',
    async () => {
      await roomForTimeWait();
      const holder = createServer(socket => socket.end()).listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      const client = connect(port, '127.0.0.1').resume();
      await once(client, 'close');
      holder.close();
      await once(holder, 'close');
      expect(await isFreePort('127.0.0.1', port)).toBe(false);
    },
  );

  it('is found for IPv6 and for every interface', async () => {
    for (const host of ['::1', '*', '']) expect(await freePort(host)).toBeTypeOf('number');
  });

  it('is null where the host cannot be bound', async () => {
    expect(await freePort('192.0.2.1')).toBeNull();
  });
});

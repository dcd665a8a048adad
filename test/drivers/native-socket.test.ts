import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { boundUdp } from './datagrams.ts';
import { calls, connectedPair, native, option, read, reason } from './native.ts';
import { eventually, keep } from './observing.ts';
import { fdOf, listening, pair, portOf } from './sockets.ts';

describe.skipIf(!native.available)(`queues and transfers${reason}`, () => {
  it('counts and peeks at what recv would take, and leaves it there', async () => {
    const { client, a } = await connectedPair();
    const into = Buffer.alloc(3);
    expect(calls.recv(a, into)).toBe(-11);
    client.write('hello');
    await eventually(() => expect(read(calls.readable(a))).toBe(5));
    expect([calls.recv(a, into, true), into.toString()]).toEqual([3, 'hel']);
    expect([calls.recv(a, into), into.toString()]).toEqual([3, 'hel']);
    expect(read(calls.readable(a))).toBe(2);
    expect([calls.recv(a, into), into.toString('utf8', 0, 2)]).toEqual([2, 'lo']);
    client.end();
    await eventually(() => expect(calls.recv(a, into)).toBe(0));
  });

  it('sends what the kernel takes now, and not a byte later', async () => {
    const { accepted, c, a } = await connectedPair();
    const piece = Buffer.alloc(1 << 20, 'x');
    let taken = 0;
    let status = calls.send(c, piece);
    while (status >= 0) {
      taken += status;
      status = calls.send(c, piece);
    }
    expect(status).toBe(-11);
    expect(taken).toBeGreaterThan(0);
    expect(read(calls.unacknowledged(c))).toBeGreaterThan(0);
    let received = 0;
    accepted.on('data', data => {
      received += data.length;
    });
    accepted.resume();
    await eventually(() => expect(received).toBe(taken));
    expect(read(calls.unacknowledged(c))).toBe(0);
    expect(read(calls.readable(a))).toBe(0);
  });

  it('EPIPE is an answer, not a signal', async () => {
    const { accepted, client, c } = await connectedPair();
    client.on('error', () => undefined);
    accepted.resetAndDestroy();
    const data = Buffer.from('x');
    await eventually(() => expect([-32, -104]).toContain(calls.send(c, data)));
    expect(calls.send(c, data)).toBe(-32);
  });

  it('takes one datagram, says where from and how long it was', async () => {
    const { socket, fd } = await boundUdp();
    const { socket: sender } = await boundUdp();
    const { port } = socket.address();
    const into = Buffer.alloc(10);
    expect(calls.recvFrom(fd, into)).toEqual({ status: -11 });
    for (const text of ['0123456789abcdef', '']) {
      await new Promise(resolve => sender.send(text, port, '127.0.0.1', resolve));
    }
    const from = { host: '127.0.0.1', port: sender.address().port };
    expect(read(calls.recvFrom(fd, into, true))).toEqual({ size: 16, from });
    expect(read(calls.recvFrom(fd, into))).toEqual({ size: 16, from });
    expect(into.toString()).toBe('0123456789');
    expect(read(calls.recvFrom(fd, into))).toEqual({ size: 0, from });
  });
});

const listenOn = (fd: number): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer({ pauseOnConnect: true });
    server.once('error', reject);
    server.listen({ fd }, () => resolve(server));
  });

/** A port whose only connection is in TIME-WAIT on the server's side. */
const portInTimeWait = async (reuseAddr: boolean): Promise<number> => {
  const address = { host: '127.0.0.1', port: 0 };
  const fd = calls.openBoundSocket({ family: 'AF_INET', type: 'SOCK_STREAM', reuseAddr, address });
  const server = await listenOn(fd);
  const port = portOf(server);
  const { client, accepted } = await pair(server, '127.0.0.1');
  client.resume();
  accepted.resume().end();
  await new Promise(resolve => client.once('close', resolve));
  await new Promise(resolve => server.close(resolve));
  return port;
};

describe.skipIf(!native.available)(`a socket made, set and bound${reason}`, () => {
  it.each([
    ['127.0.0.1', 'AF_INET', '127.0.0.1'],
    ['', 'AF_INET', '0.0.0.0'],
    ['::1', 'AF_INET6', '::1'],
    ['', 'AF_INET6', '::'],
  ] as const)('%j of %s listens in Node at %s, without SO_REUSEADDR', async (host, family, shown) => {
    const address = { host, port: 0 };
    const fd = calls.openBoundSocket({ family, type: 'SOCK_STREAM', reuseAddr: false, address });
    expect(fd).toBeGreaterThan(0);
    const server = keep(await listenOn(fd));
    expect(server.address()).toMatchObject({ address: shown });
    expect(option(fdOf(server), 'SOL_SOCKET', 'SO_REUSEADDR')).toBe(0);
    const { client, accepted } = await pair(server, family === 'AF_INET' ? '127.0.0.1' : '::1');
    expect(keep(client).remotePort).toBe(portOf(server));
    keep(accepted);
  });

  it('separates the families where asked', async () => {
    const address = { host: '::', port: 0 };
    const make = (v6only: boolean) =>
      calls.openBoundSocket({ family: 'AF_INET6', type: 'SOCK_STREAM', reuseAddr: false, v6only, address });
    for (const v6only of [true, false]) {
      const fd = make(v6only);
      expect(option(fd, 'IPPROTO_IPV6', 'IPV6_V6ONLY')).toBe(v6only ? 1 : 0);
      expect(calls.close(fd)).toBe(0);
    }
  });

  it('is refused with its errno, and leaves no descriptor open', async () => {
    const port = portOf(keep(await listening('127.0.0.1')));
    const open = (host: string, at: number) =>
      calls.openBoundSocket({
        family: 'AF_INET',
        type: 'SOCK_STREAM',
        reuseAddr: true,
        address: { host, port: at },
      });
    const first = open('127.0.0.1', 0);
    calls.close(first);
    expect(open('127.0.0.1', port)).toBe(-98);
    expect(open('192.0.2.1', 0)).toBe(-99);
    const next = open('127.0.0.1', 0);
    calls.close(next);
    expect(next).toBe(first);
  });

  it('rebinds a port in TIME-WAIT only where both sockets have SO_REUSEADDR', async () => {
    const rebind = (port: number, reuseAddr: boolean): number => {
      const address = { host: '127.0.0.1', port };
      const fd = calls.openBoundSocket({ family: 'AF_INET', type: 'SOCK_STREAM', reuseAddr, address });
      return fd > 0 ? calls.close(fd) : fd;
    };
    const withIt = await portInTimeWait(true);
    expect(rebind(withIt, false)).toBe(-98);
    expect(rebind(withIt, true)).toBe(0);
    const withoutIt = await portInTimeWait(false);
    expect(rebind(withoutIt, true)).toBe(-98);
  });
});

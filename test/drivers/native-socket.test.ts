import dgram from 'node:dgram';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Family } from '../../source/core/model/names.ts';
import { boundUdp } from './datagrams.ts';
import { available, calls, connectedPair, option, reason } from './native.ts';
import { eventually, keep } from './observing.ts';
import { fdOf, listening, pair, portOf } from './sockets.ts';

describe.skipIf(!available)(`transfers${reason}`, () => {
  it('peeks at what recv would take, and leaves it there', async () => {
    const { client, accepted, a } = await connectedPair();
    const into = Buffer.alloc(3);
    expect(calls.peek(a, into)).toBe(-11);
    client.write('hello');
    await eventually(() => expect(calls.peek(a, into)).toBe(3));
    expect([calls.peek(a, into), into.toString()]).toEqual([3, 'hel']);
    expect(calls.peek(a, Buffer.alloc(9))).toBe(5);
    const received = new Promise<string>(resolve => accepted.once('data', data => resolve(data.toString())));
    accepted.resume();
    expect(await received).toBe('hello');
  });

  it('peeks at the end of what was sent', async () => {
    const { client, a } = await connectedPair();
    client.end();
    await eventually(() => expect(calls.peek(a, Buffer.alloc(1))).toBe(0));
  });

  it('sends one datagram to an address, whatever peer the socket has', async () => {
    const { socket, fd } = await boundUdp();
    const { socket: peer } = await boundUdp();
    const other = keep(dgram.createSocket('udp4'));
    await new Promise<void>(resolve => other.bind(0, '127.0.0.1', resolve));
    await new Promise<void>(resolve => socket.connect(peer.address().port, '127.0.0.1', resolve));
    const heard = new Promise<[string, number]>(resolve =>
      other.once('message', (data, { port }) => resolve([data.toString(), port])),
    );
    const to = inet('127.0.0.1', other.address().port);
    expect(calls.sendTo(fd, 'AF_INET', Buffer.from('past the peer'), to)).toBe(13);
    expect(await heard).toEqual(['past the peer', socket.address().port]);
    expect(calls.sendTo(fd, 'AF_INET', Buffer.alloc(65_508), to)).toBe(-90);
  });
});

const listenOn = (fd: number): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer({ pauseOnConnect: true });
    server.once('error', reject);
    server.listen({ fd }, () => resolve(server));
  });

/** A new stream socket bound there: its descriptor, or a negative errno. */
const bound = (family: Family, host: string, port: number): number => {
  const fd = calls.openSocket(family, 'SOCK_STREAM');
  const status = calls.bind(fd, family, inet(host, port));
  if (status < 0) calls.close(fd);
  return status < 0 ? status : fd;
};

describe.skipIf(!available)(`a socket made and bound${reason}`, () => {
  it.each([
    ['127.0.0.1', 'AF_INET', '127.0.0.1'],
    ['', 'AF_INET', '0.0.0.0'],
    ['::1', 'AF_INET6', '::1'],
    ['', 'AF_INET6', '::'],
  ] as const)('%j of %s listens in Node at %s, without SO_REUSEADDR', async (host, family, shown) => {
    const fd = bound(family, host, 0);
    expect(fd).toBeGreaterThan(0);
    const server = keep(await listenOn(fd));
    expect(server.address()).toMatchObject({ address: shown });
    expect(option(fdOf(server), 'SOL_SOCKET', 'SO_REUSEADDR')).toBe(0);
    const { client, accepted } = await pair(server, family === 'AF_INET' ? '127.0.0.1' : '::1');
    expect(keep(client).remotePort).toBe(portOf(server));
    keep(accepted);
  });

  it('is refused with its errno', async () => {
    const port = portOf(keep(await listening('127.0.0.1')));
    expect(bound('AF_INET', '127.0.0.1', port)).toBe(-98);
    expect(bound('AF_INET', '192.0.2.1', 0)).toBe(-99);
    expect(calls.close(-1)).toBe(-9);
  });
});

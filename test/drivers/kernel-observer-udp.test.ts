import dgram from 'node:dgram';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../source/drivers/socket-match.ts';
import { keep, observer, sampled } from './observing.ts';
import { hasSs, onLinux, ss } from './sockets.ts';

type DgramState = { handle: { recvStop: () => void; fd: number } };

/** Stops Node from taking datagrams, so that they stay in the kernel. */
const stopReceiving = (socket: dgram.Socket): number => {
  const symbol = Object.getOwnPropertySymbols(socket).find(key => key.description === 'state symbol')!;
  const { handle } = (socket as unknown as Record<symbol, DgramState>)[symbol]!;
  handle.recvStop();
  return handle.fd;
};

const boundUdp = async (
  options: dgram.SocketOptions,
  port = 0,
): Promise<{ socket: dgram.Socket; fd: number }> => {
  const socket = keep(dgram.createSocket(options));
  await new Promise<void>(resolve => socket.bind(port, '127.0.0.1', resolve));
  return { socket, fd: stopReceiving(socket) };
};

const datagrams = (name: string, port: number, fd?: number): Observed => ({
  name,
  type: 'SOCK_DGRAM',
  family: 'AF_INET',
  local: { host: '127.0.0.1', port },
  peer: null,
  ...(fd === undefined ? {} : { fd }),
});

describe.skipIf(!onLinux)('datagram sockets', () => {
  it('show the memory queued and what was dropped', async () => {
    const { socket } = await boundUdp({ type: 'udp4', recvBufferSize: 4096 });
    const { port } = socket.address();
    const sender = keep(dgram.createSocket('udp4'));
    const send = () =>
      new Promise<void>((resolve, reject) =>
        sender.send(Buffer.alloc(100), port, '127.0.0.1', error => (error ? reject(error) : resolve())),
      );
    for (let i = 0; i < 50; i++) await send();
    const { u1 } = await sampled(observer(), [datagrams('u1', port)]);
    const perDatagram = u1!.rcvQ / (50 - u1!.drops);
    expect(u1).toMatchObject({ state: 'UNCONN', sndQ: 0 });
    expect(u1!.drops).toBeGreaterThan(0);
    expect(u1!.drops).toBeLessThan(50);
    expect(Number.isInteger(perDatagram) && perDatagram > 100).toBe(true);
    if (hasSs) expect(ss('u', port)[0]).toMatchObject({ state: 'UNCONN', rcvQ: u1!.rcvQ });
  });

  it('tells two on one port apart by fd', async () => {
    const first = await boundUdp({ type: 'udp4', reuseAddr: true });
    const { port } = first.socket.address();
    const second = await boundUdp({ type: 'udp4', reuseAddr: true }, port);
    const sender = keep(dgram.createSocket('udp4'));
    await new Promise(resolve => sender.send('x', port, '127.0.0.1', resolve));
    const both = await sampled(observer(), [
      datagrams('u1', port, first.fd),
      datagrams('u2', port, second.fd),
    ]);
    const queued = [both.u1!.rcvQ, both.u2!.rcvQ];
    // Linux hands a unicast datagram to one of them.
    expect(Math.min(...queued)).toBe(0);
    expect(Math.max(...queued)).toBeGreaterThan(0);
    expect(await sampled(observer(), [datagrams('u1', port)])).toEqual({});
  });
});

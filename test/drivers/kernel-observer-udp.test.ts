import dgram from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Observed } from '../../source/core/model/observer.ts';
import { boundUdp } from './datagrams.ts';
import { everyMeans, keep, observer, sampled } from './observing.ts';
import { hasSs, onLinux, ss } from './sockets.ts';

const datagrams = (name: string, port: number): Observed => ({
  name,
  type: 'SOCK_DGRAM',
  family: 'AF_INET',
  local: inet('127.0.0.1', port),
  peer: null,
  listening: false,
});

describe.each(everyMeans)('datagram sockets, by $title', ({ means, skipped }) => {
  const it = onLinux && skipped === '' ? test : test.skip;

  it('show the memory queued and what was dropped', async () => {
    const { socket } = await boundUdp({ type: 'udp4', recvBufferSize: 4096 });
    const { port } = socket.address();
    const sender = keep(dgram.createSocket('udp4'));
    const send = () =>
      new Promise<void>((resolve, reject) =>
        sender.send(Buffer.alloc(100), port, '127.0.0.1', error => (error ? reject(error) : resolve())),
      );
    for (let i = 0; i < 50; i++) await send();
    const { u1 } = await sampled(observer({ means }), [datagrams('u1', port)]);
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
    const sockets = [datagrams('u1', port), datagrams('u2', port)];
    const fds: Record<string, number> = { u1: first.fd, u2: second.fd };
    const both = await sampled(observer({ means, fdOf: name => fds[name] }), sockets);
    const queued = [both.u1!.rcvQ, both.u2!.rcvQ];
    // Linux hands a unicast datagram to one of them.
    expect(Math.min(...queued)).toBe(0);
    expect(Math.max(...queued)).toBeGreaterThan(0);
    expect(await sampled(observer({ means }), sockets)).toEqual({});
  });
});

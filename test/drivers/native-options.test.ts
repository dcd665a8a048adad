import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tcpInfoText } from '../../source/drivers/kernel/tcp-info.ts';
import { boundUdp } from './datagrams.ts';
import { available, calls, connectedPair, option, read, reason, setOption } from './native.ts';
import { connected, eventually, keep } from './observing.ts';
import { fdOf, hasSs, idleListener, listening, pair, portOf } from './sockets.ts';

describe.skipIf(!available)(`socket options${reason}`, () => {
  it('reads that libuv has set SO_REUSEADDR on a listener and not on a client', async () => {
    const server = keep(await listening('127.0.0.1'));
    const { client, accepted } = await pair(server, '127.0.0.1');
    keep(accepted);
    expect(option(fdOf(server), 'SOL_SOCKET', 'SO_REUSEADDR')).toBe(1);
    expect(option(fdOf(server), 'SOL_SOCKET', 'SO_ACCEPTCONN')).toBe(1);
    expect(option(fdOf(keep(client)), 'SOL_SOCKET', 'SO_REUSEADDR')).toBe(0);
  });

  it('sets buffers, which Linux doubles (socket(7))', async () => {
    const { c } = await connectedPair();
    for (const name of ['SO_SNDBUF', 'SO_RCVBUF']) {
      expect(setOption(c, 'SOL_SOCKET', name, 20_000)).toBe(0);
      expect(option(c, 'SOL_SOCKET', name)).toBe(40_000);
    }
  });

  it('sets and reads SO_LINGER; 0 s makes close a reset', async () => {
    const { client, accepted, c } = await connectedPair();
    expect(read(calls.getLinger(c))).toBeNull();
    expect(calls.setLinger(c, 7)).toBe(0);
    expect(read(calls.getLinger(c))).toBe(7);
    expect(calls.setLinger(c, null)).toBe(0);
    expect(read(calls.getLinger(c))).toBeNull();
    expect(calls.setLinger(c, 0)).toBe(0);
    const failed = new Promise<NodeJS.ErrnoException>(resolve => accepted.once('error', resolve));
    client.destroy();
    accepted.resume();
    expect((await failed).code).toBe('ECONNRESET');
  });

  it('agrees with what Node has set', async () => {
    const { client, c } = await connectedPair();
    client.setNoDelay(true).setKeepAlive(true, 42_000);
    expect(option(c, 'SOL_TCP', 'TCP_NODELAY')).toBe(1);
    expect(option(c, 'SOL_SOCKET', 'SO_KEEPALIVE')).toBe(1);
    expect(option(c, 'IPPROTO_TCP', 'TCP_KEEPIDLE')).toBe(42);
    const { socket, fd } = await boundUdp();
    socket.setTTL(9);
    socket.setMulticastTTL(11);
    expect(option(fd, 'IPPROTO_IP', 'IP_TTL')).toBe(9);
    expect(option(fd, 'IPPROTO_IP', 'IP_MULTICAST_TTL')).toBe(11);
  });

  it('answers a refusal with its errno', async () => {
    const { c } = await connectedPair();
    expect(calls.getInt(-1, 1, 2)).toEqual({ status: -9 });
    expect(calls.getInt(c, 1, 9_999)).toEqual({ status: -92 });
    expect(setOption(c, 'IPPROTO_IP', 'IP_TTL', 999)).toBe(-22);
    expect(calls.tcpInfo((await boundUdp()).fd)).toEqual({ status: -95 });
  });
});

describe.skipIf(!available)(`TCP_INFO${reason}`, () => {
  it('counts the bytes of an exchange', async () => {
    const { client, accepted, c, a } = await connectedPair();
    client.write(Buffer.alloc(3_000));
    accepted.write(Buffer.alloc(500));
    await eventually(() => {
      const info = read(calls.tcpInfo(c));
      // The SYN counts as one byte acknowledged.
      expect(info).toMatchObject({
        state: 1,
        unacked: 0,
        retransmits: 0,
        bytesAcked: 3_001,
        bytesReceived: 500,
      });
      expect(info.cwnd).toBeGreaterThan(0);
      expect(info.rttMs).toBeGreaterThan(0);
    });
    expect(read(calls.tcpInfo(a))).toMatchObject({ bytesReceived: 3_000, bytesAcked: 500 });
  });

  it.skipIf(!hasSs)('says what ss says', async () => {
    const { client, c } = await connectedPair();
    client.write(Buffer.alloc(3_000));
    const words = await eventually(() => {
      const info = read(calls.tcpInfo(c));
      const line = execFileSync(
        'ss',
        ['-tinH', `sport = :${client.localPort} and dport = :${client.remotePort}`],
        { encoding: 'utf8' },
      );
      const word = (name: string) => new RegExp(` ${name}:(\\S+)`).exec(line)?.[1];
      expect(word('rtt')).toBe(`${info.rttMs}/${info.rttvarMs}`);
      expect(read(calls.tcpInfo(c))).toEqual(info);
      return { info, word };
    });
    const { info, word } = words;
    expect(Number(word('rto'))).toBe(info.rtoMs);
    expect(Number(word('mss'))).toBe(info.mss);
    expect(Number(word('cwnd'))).toBe(info.cwnd);
    expect(Number(word('bytes_acked'))).toBe(info.bytesAcked);
    expect(Number(word('minrtt'))).toBe(info.minRttMs);
    if (word('snd_wnd')) expect(Number(word('snd_wnd'))).toBe(info.sndWindow);
  });

  it('tells of a sender that the receive window holds back', async () => {
    const { client, c } = await connectedPair();
    client.write(Buffer.alloc(64 << 20));
    const info = await eventually(() => {
      const now = read(calls.tcpInfo(c));
      expect(now.rwndLimitedMs).toBeGreaterThan(0);
      return now;
    });
    expect(info.notSent).toBeGreaterThan(0);
    expect(info.busyMs).toBeGreaterThanOrEqual(info.rwndLimitedMs!);
    expect(tcpInfoText(info)).toMatch(/rtt [\d.]+ ms .* rwnd-limited [\d.]+ ms/);
  });

  it("of a listener: the accept queue's length and its limit", async () => {
    const server = keep(await idleListener(3));
    await connected(portOf(server));
    await connected(portOf(server));
    expect(read(calls.tcpInfo(fdOf(server)))).toMatchObject({ state: 10, unacked: 2, sacked: 3 });
  });
});

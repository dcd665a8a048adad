import net from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Observed } from '../../source/core/model/observer.ts';
import {
  connected,
  eventually,
  everyMeans,
  keep,
  listener,
  observer,
  sampled,
  settled,
  stream,
} from './observing.ts';
import { fdOf, hasSs, idleListener, listening, onLinux, pair, portOf, ss } from './sockets.ts';

type Connecting = Observed & { readonly fd: number; readonly port: number };

/** A connect to a full listener: the fd is there once the SYN has left. */
const connecting = async (name: string, server: number): Promise<Connecting> => {
  const socket = keep(net.connect(server, '127.0.0.1'));
  const fd = await eventually(() => {
    const now = fdOf(socket);
    expect(now).toBeGreaterThan(0);
    expect(ss('t', ownPort(socket), server)[0]?.state).toBe('SYN-SENT');
    return now;
  });
  const peer = inet('127.0.0.1', server);
  const port = ownPort(socket);
  return { name, type: 'SOCK_STREAM', family: 'AF_INET', local: null, peer, listening: false, fd, port };
};

const ownPort = (socket: net.Socket): number => {
  const address = { port: 0 };
  (socket as unknown as { _handle: { getsockname: (into: object) => void } })._handle.getsockname(address);
  return address.port;
};

describe.each(everyMeans)('the accept queue, by $title', ({ means, skipped }) => {
  const it = onLinux && skipped === '' ? test : test.skip;

  it('is counted on the listener, and a refused SYN is seen waiting', async () => {
    const port = portOf(keep(await idleListener(1)));
    const watch = observer({ means });
    const s1 = listener('s1', port);
    expect(await sampled(watch, [s1])).toMatchObject({ s1: { state: 'LISTEN', rcvQ: 0 } });
    await connected(port);
    await connected(port);
    expect(await sampled(watch, [s1])).toMatchObject({ s1: { state: 'LISTEN', rcvQ: 2 } });
    const c3 = await connecting('c3', port);
    const waiting = await sampled(watch, [s1, c3]);
    expect(waiting).toMatchObject({
      s1: { rcvQ: 2 },
      c3: { state: 'SYN-SENT', sndQ: 1, timer: 'retransmit', local: inet('127.0.0.1', c3.port) },
    });
    expect(waiting.s1).not.toHaveProperty('local');
    expect(waiting.c3!.timerMs).toBeGreaterThan(0);
    // The kernel waits 1 s for the first answer, and each time twice as long (tcp(7), tcp_syn_retries).
    expect(waiting.c3!.timerMs).toBeLessThanOrEqual(1_010 * 2 ** waiting.c3!.retransmits);
  });

  it('tells two connects to one full listener apart by fd, and guesses at neither without', async () => {
    const port = portOf(keep(await idleListener(1)));
    await connected(port);
    await connected(port);
    const watch = observer({ means });
    const c3 = await connecting('c3', port);
    expect(Object.keys(await sampled(watch, [c3]))).toEqual(['c3']);
    const c4 = await connecting('c4', port);
    expect(await sampled(watch, [c3, c4])).toEqual({});
    const fds: Record<string, number> = { c3: c3.fd, c4: c4.fd };
    const knowing = observer({ means, fdOf: name => fds[name] });
    expect(Object.keys(await sampled(knowing, [c3, c4]))).toEqual(['c3', 'c4']);
  });
});

describe.each(everyMeans)('queues of a connection, by $title', ({ means, skipped }) => {
  const it = onLinux && skipped === '' ? test : test.skip;

  (hasSs ? it : test.skip)('equal those of ss once two samples agree', async () => {
    const server = keep(await listening('127.0.0.1'));
    const { client, accepted } = await pair(server, '127.0.0.1');
    keep(client).write(Buffer.alloc(64 << 20));
    const sockets = [stream('c1', client), stream('a1', keep(accepted))];
    const { samples, between } = await settled(observer({ means }), sockets, () => ({
      c1: ss('t', client.localPort!, portOf(server))[0]!,
      a1: ss('t', portOf(server), client.localPort!)[0]!,
    }));
    expect(samples.c1).toMatchObject({ state: 'ESTAB', rcvQ: 0, sndQ: between.c1.sndQ });
    expect(samples.a1).toMatchObject({ state: 'ESTAB', rcvQ: between.a1.rcvQ, sndQ: 0 });
    expect(samples.c1!.sndQ).toBeGreaterThan(0);
    expect(samples.a1!.rcvQ).toBeGreaterThan(0);
  });

  it('are found on IPv6, and on a listener for both families', async () => {
    const server = keep(await listening('::'));
    const six = await pair(server, '::1');
    const four = await pair(server, '127.0.0.1');
    const ends = [six.client, six.accepted, four.client, four.accepted].map(keep);
    six.client.write('hello');
    four.client.write('hi');
    const sockets = [
      listener('s1', portOf(server), '::'),
      stream('c1', ends[0]!, 'AF_INET6'),
      stream('a1', ends[1]!, 'AF_INET6'),
      stream('c2', ends[2]!, 'AF_INET'),
      stream('a2', ends[3]!, 'AF_INET6'),
    ];
    await eventually(async () =>
      expect(await sampled(observer({ means }), sockets)).toMatchObject({
        s1: { state: 'LISTEN', rcvQ: 0 },
        c1: { state: 'ESTAB', sndQ: 0 },
        a1: { state: 'ESTAB', rcvQ: 5 },
        c2: { state: 'ESTAB', sndQ: 0 },
        a2: { state: 'ESTAB', rcvQ: 2 },
      }),
    );
  });

  it('finds a socket by other spellings of its address', async () => {
    const server = keep(await listening('::'));
    const { client, accepted } = await pair(server, '::1');
    keep(client);
    const c1 = stream('c1', client, 'AF_INET6');
    keep(accepted);
    const port = client.localPort!;
    const spelt: Observed[] = [
      { ...c1, local: inet('0:0:0:0:0:0:0:1', port) },
      { ...c1, name: 'c2', local: inet('', port) },
      { ...listener('s1', portOf(server), '::'), local: inet('', portOf(server)) },
    ];
    expect(Object.keys(await sampled(observer({ means }), spelt))).toEqual(['c1', 'c2', 's1']);
  });

  it('finds a connect to a name by its ports', async () => {
    const server = keep(await listening('127.0.0.1'));
    const { client, accepted } = await pair(server, '127.0.0.1');
    const c1 = stream('c1', keep(client));
    keep(accepted);
    for (const host of [
      'localhost',
      'a.name.of.so.many.labels.that.it.is.longer.than.any.address.could.ever.be',
    ]) {
      const named = { ...c1, peer: inet(host, portOf(server)) };
      expect(await sampled(observer({ means }), [named])).toMatchObject({ c1: { state: 'ESTAB' } });
    }
    const service = { ...c1, peer: inet('localhost', 'http') };
    expect(await sampled(observer({ means }), [service])).toMatchObject({ c1: { state: 'ESTAB' } });
  });

  it('follows a closed socket into FIN-WAIT-2 and its peer into CLOSE-WAIT', async () => {
    const server = keep(await listening('127.0.0.1'));
    const { client, accepted } = await pair(server, '127.0.0.1');
    const sockets = [stream('c1', keep(client)), stream('a1', keep(accepted))];
    client.end();
    await eventually(async () =>
      expect(await sampled(observer({ means }), sockets)).toMatchObject({
        c1: { state: 'FIN-WAIT-2' },
        a1: { state: 'CLOSE-WAIT' },
      }),
    );
  });
});

describe('an observer', () => {
  it('without the tables says so and invents nothing', async () => {
    const watch = observer({ host: 'none' });
    expect(await watch.sample([listener('s1', 1)])).toEqual({ source: 'application', samples: [] });
  });

  it.skipIf(!onLinux)('has no sample for a socket that the kernel lists nowhere', async () => {
    const server = await listening('127.0.0.1');
    const s1 = listener('s1', portOf(server));
    expect(Object.keys(await sampled(observer(), [s1]))).toEqual(['s1']);
    await new Promise(resolve => server.close(resolve));
    expect(await sampled(observer(), [s1])).toEqual({});
  });

  it.skipIf(!onLinux)('has none for a socket that is only bound, and asks for none', async () => {
    const bound: Observed = { ...listener('s1', 1), listening: false };
    expect(await sampled(observer(), [bound])).toEqual({});
  });

  it.skipIf(!onLinux)('answers the same from its worker, and without it once closed', async () => {
    const port = portOf(keep(await idleListener(1)));
    await connected(port);
    const watch = observer({ means: 'worker' });
    const expected = { s1: { state: 'LISTEN', rcvQ: 1 } };
    expect(await sampled(watch, [listener('s1', port)])).toMatchObject(expected);
    expect(watch.cost().means).toBe('worker');
    const interrupted = sampled(watch, [listener('s1', port)]);
    watch.close();
    expect(await interrupted).toMatchObject(expected);
    expect(await sampled(watch, [listener('s1', port)])).toMatchObject(expected);
    expect(watch.cost().means).toBe('table');
  });
});

import { connect as connectForeign, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostAt, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { endpoint, expectFailure, hands, loopback, received, text, turns, wildcards } from './hands.ts';

/** A port that nobody listens on: bound by a socket that never listens. */
const refusedPort = async (bench: ReturnType<typeof hands>, family: Subject['family']) => {
  const holder = await bench.socket(family);
  return endpoint(await bench.call({ name: 'bind', on: holder, address: inet(loopback[family], 0) }));
};

export const connectContract = ({ make, family }: Subject): void => {
  const here = loopback[family];
  const other = family === 'AF_INET' ? 'AF_INET6' : 'AF_INET';

  describe('socket, bind, connect', () => {
    test('a fresh socket has no address and no peer', async () => {
      const bench = hands(make);
      const name = await bench.socket(family);
      const own = await bench.call({ name: 'getsockname', on: name });
      expect(own).toEqual({ kind: 'endpoint', endpoint: inet(wildcards[family], 0) });
      expectFailure(await bench.call({ name: 'getpeername', on: name }), 'ENOTCONN', 107, 'OSError');
      expectFailure(await bench.call({ name: 'recv', on: name, size: 9 }), 'ENOTCONN', 107, 'OSError');
      expectFailure(
        await bench.call({ name: 'send', on: name, data: text('x') }),
        'EPIPE',
        32,
        'BrokenPipeError',
      );
      expectFailure(
        await bench.call({ name: 'sendall', on: name, data: text('') }),
        'EPIPE',
        32,
        'BrokenPipeError',
      );
      expectFailure(
        await bench.call({ name: 'shutdown', on: name, how: 'SHUT_WR' }),
        'ENOTCONN',
        107,
        'OSError',
      );
      expectFailure(await bench.call({ name: 'accept', on: name }), 'EINVAL', 22, 'OSError');
    });

    test('bind of port 0 gets a real one, a second bind is EINVAL', async () => {
      const bench = hands(make);
      const name = await bench.socket(family);
      const bound = await bench.call({ name: 'bind', on: name, address: inet(here, 0) });
      expect(bound).toMatchObject({ kind: 'none', local: { host: here } });
      expect(portAt(endpoint(bound))).toBeGreaterThan(0);
      expect(endpoint(await bench.call({ name: 'getsockname', on: name }))).toEqual(endpoint(bound));
      const again = await bench.call({ name: 'bind', on: name, address: inet(here, 0) });
      expectFailure(again, 'EINVAL', 22, 'OSError');
    });

    test('a port in use is EADDRINUSE, and the socket can be bound elsewhere', async () => {
      const bench = hands(make);
      const { at } = await bench.listener(family);
      const name = await bench.socket(family);
      expectFailure(await bench.call({ name: 'bind', on: name, address: at }), 'EADDRINUSE', 98, 'OSError');
      expect((await bench.call({ name: 'bind', on: name, address: inet(here, 0) })).kind).toBe('none');
    });

    test('an address of no local interface is EADDRNOTAVAIL', async () => {
      const bench = hands(make);
      const host = family === 'AF_INET' ? '192.0.2.1' : '2001:db8::1';
      const bound = await bench.call({
        name: 'bind',
        on: await bench.socket(family),
        address: inet(host, 0),
      });
      expectFailure(bound, 'EADDRNOTAVAIL', 99, 'OSError');
    });

    test("'' binds every interface of the family", async () => {
      const bench = hands(make);
      const bound = await bench.call({
        name: 'bind',
        on: await bench.socket(family),
        address: inet('', 0),
      });
      expect(hostAt(endpoint(bound))).toBe(wildcards[family]);
    });

    test('an address of the other family is refused without a look-up', async () => {
      const bench = hands(make);
      const address = inet(loopback[other], 9);
      const connect = await bench.call({ name: 'connect', on: await bench.socket(family), address });
      expectFailure(connect, 'EAI_ADDRFAMILY', -9, 'socket.gaierror');
      const bound = await bench.call({ name: 'bind', on: await bench.socket(family), address });
      expectFailure(bound, 'EAI_ADDRFAMILY', -9, 'socket.gaierror');
    });

    test('a port beyond 65535 is OverflowError', async () => {
      const bench = hands(make);
      const address = inet(here, 65_536);
      const connect = await bench.call({ name: 'connect', on: await bench.socket(family), address });
      expectFailure(connect, 'OVERFLOW', null, 'OverflowError');
    });

    test('connect and accept name both ends', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const client = await bench.socket(family);
      const connected = await bench.call({ name: 'connect', on: client, address: at });
      expect(connected).toMatchObject({ kind: 'none', peer: at, local: { host: here } });
      const accepted = await bench.call({ name: 'accept', on: name });
      expect(accepted).toMatchObject({ kind: 'made', local: at, peer: endpoint(connected) });
      const server = accepted.kind === 'made' ? accepted.name : '';
      expect(endpoint(await bench.call({ name: 'getpeername', on: client }))).toEqual(at);
      expect(endpoint(await bench.call({ name: 'getpeername', on: server }))).toEqual(endpoint(connected));
    });

    test('connect is refused where nobody listens; the same socket may try again and then succeeds', async () => {
      const bench = hands(make);
      const holder = await bench.socket(family);
      const at = endpoint(await bench.call({ name: 'bind', on: holder, address: inet(here, 0) }));
      const client = await bench.socket(family);
      for (let i = 0; i < 2; i++) {
        const refused = await bench.call({ name: 'connect', on: client, address: at });
        expectFailure(refused, 'ECONNREFUSED', 111, 'ConnectionRefusedError');
      }
      expectFailure(await bench.call({ name: 'recv', on: client, size: 1 }), 'ENOTCONN', 107, 'OSError');
      await bench.call({ name: 'listen', on: holder, backlog: 1 });
      expect((await bench.call({ name: 'connect', on: client, address: at })).kind).toBe('none');
    });

    test('a second connect is EISCONN, listen and bind on a connected socket EINVAL', async () => {
      const bench = hands(make);
      const { client, at } = await bench.connected(family);
      expectFailure(
        await bench.call({ name: 'connect', on: client, address: at }),
        'EISCONN',
        106,
        'OSError',
      );
      expectFailure(await bench.call({ name: 'listen', on: client, backlog: 1 }), 'EINVAL', 22, 'OSError');
      const bound = await bench.call({ name: 'bind', on: client, address: inet(here, 0) });
      expectFailure(bound, 'EINVAL', 22, 'OSError');
      expectFailure(await bench.call({ name: 'accept', on: client }), 'EINVAL', 22, 'OSError');
    });

    test('bind before connect keeps the bound port', async () => {
      const bench = hands(make);
      const { at } = await bench.listener(family);
      const client = await bench.socket(family);
      const bound = await bench.call({ name: 'bind', on: client, address: inet(here, 0) });
      const connected = await bench.call({ name: 'connect', on: client, address: at });
      expect(endpoint(connected)).toEqual(endpoint(bound));
    });

    test('with timeout 0 connect is EINPROGRESS; the next one says how it went', async () => {
      const bench = hands(make);
      const { at } = await bench.listener(family);
      const client = await bench.socket(family);
      const first = await bench.call({ name: 'connect', on: client, address: at }, 0);
      expectFailure(first, 'EINPROGRESS', 115, 'BlockingIOError');
      await turns();
      expect((await bench.call({ name: 'connect', on: client, address: at }, 0)).kind).toBe('none');
      expectFailure(
        await bench.call({ name: 'connect', on: client, address: at }, 0),
        'EISCONN',
        106,
        'OSError',
      );

      const refused = await refusedPort(bench, family);
      const loser = await bench.socket(family);
      await bench.call({ name: 'connect', on: loser, address: refused }, 0);
      await turns();
      const heard = await bench.call({ name: 'connect', on: loser, address: refused }, 0);
      expectFailure(heard, 'ECONNREFUSED', 111, 'ConnectionRefusedError');
    });

    test('a foreign listener and a foreign client are talked with', async () => {
      const bench = hands(make);
      const foreign = createServer(socket => socket.pipe(socket));
      onTestFinished(() => void foreign.close());
      await new Promise<void>(resolve => foreign.listen(0, here, resolve));
      const { port } = foreign.address() as { port: number };
      const client = await bench.socket(family);
      await bench.call({ name: 'connect', on: client, address: inet(here, port) });
      await bench.call({ name: 'sendall', on: client, data: text('echo') });
      expect(received(await bench.call({ name: 'recv', on: client, size: 99 }))).toBe('echo');
      await bench.call({ name: 'shutdown', on: client, how: 'SHUT_WR' });
      expect(received(await bench.call({ name: 'recv', on: client, size: 99 }))).toBe('');

      const { name, at } = await bench.listener(family);
      const stranger = connectForeign(Number(portAt(at)), here);
      onTestFinished(() => void stranger.destroy());
      const accepted = await bench.call({ name: 'accept', on: name });
      stranger.end('hello');
      const server = accepted.kind === 'made' ? accepted.name : '';
      expect(received(await bench.call({ name: 'recv', on: server, size: 99 }))).toBe('hello');
      expect(received(await bench.call({ name: 'recv', on: server, size: 99 }))).toBe('');
    });
  });
};

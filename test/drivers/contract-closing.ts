import { describe, expect, test } from 'vitest';
import { hostAt } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { endpoint, expectFailure, hands, received, text, turns, until } from './hands.ts';
import { onLinux, tcpRow } from './kernel.ts';

export const closingContract = ({ make, exact, family }: Subject): void => {
  const seen = exact && onLinux;

  const pair = async () => {
    const bench = hands(make);
    const { client, server, at } = await bench.connected(family);
    const peer = endpoint(await bench.call({ name: 'getsockname', on: client }));
    /** The server's end as the kernel has it. */
    const settled = async (condition: (state: string | undefined) => boolean) =>
      seen ? until('the peer has heard', () => condition(tcpRow(family, at, peer)?.state)) : turns(8);
    return {
      bench,
      client,
      server,
      settled,
      recv: (on: string, size = 99, timeout?: number) => bench.call({ name: 'recv', on, size }, timeout),
      send: (on: string, words = 'x') => bench.call({ name: 'send', on, data: text(words) }),
    };
  };

  describe('half-close, close and reset', () => {
    test('half-close: EOF one way, the other direction goes on, own sends are EPIPE', async () => {
      const { bench, client, server, recv, send } = await pair();
      expect(await bench.call({ name: 'shutdown', on: client, how: 'SHUT_WR' })).toEqual({ kind: 'none' });
      expectFailure(await send(client), 'EPIPE', 32, 'BrokenPipeError');
      expect(received(await recv(server))).toBe('');
      expect(received(await recv(server))).toBe('');
      expect((await send(server, 'reply')).kind).toBe('count');
      expect(received(await recv(client))).toBe('reply');
      expect(await bench.call({ name: 'shutdown', on: client, how: 'SHUT_WR' })).toEqual({ kind: 'none' });
      await bench.call({ name: 'close', on: server });
      expect(received(await recv(client))).toBe('');
    });

    test('SHUT_RD: what is queued is handed out, then EOF, and a blocked recv ends', async () => {
      const { bench, client, server, recv, send } = await pair();
      await send(client, 'abc');
      expect(received(await recv(server, 1))).toBe('a');
      await bench.call({ name: 'shutdown', on: server, how: 'SHUT_RD' });
      expect(received(await recv(server))).toBe('bc');
      expect(received(await recv(server))).toBe('');
      const blocked = bench.start({ name: 'recv', on: client, size: 1 });
      await turns();
      await bench.call({ name: 'shutdown', on: client, how: 'SHUT_RDWR' });
      expect(received(await blocked.outcome)).toBe('');
      expectFailure(await send(client), 'EPIPE', 32, 'BrokenPipeError');
    });

    test('SHUT_RD on a listener ends its accept with EINVAL; listen starts it again', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const accept = bench.start({ name: 'accept', on: name });
      await turns();
      expect((await bench.call({ name: 'shutdown', on: name, how: 'SHUT_WR' })).kind).toBe('none');
      expect(accept.ended()).toBe(false);
      expect((await bench.call({ name: 'shutdown', on: name, how: 'SHUT_RD' })).kind).toBe('none');
      expectFailure(await accept.outcome, 'EINVAL', 22, 'OSError');
      expectFailure(await bench.call({ name: 'accept', on: name }), 'EINVAL', 22, 'OSError');
      const again = await bench.call({ name: 'listen', on: name, backlog: 1 });
      // The kernel gives a port back that it had chosen itself; agreement.test.ts has one that bind named.
      expect(again).toMatchObject({ kind: 'none', local: { host: hostAt(at) } });
    });

    test('close is EOF at the peer', async () => {
      const { bench, client, server, recv } = await pair();
      const blocked = bench.start({ name: 'recv', on: server, size: 9 });
      await bench.call({ name: 'close', on: client });
      expect(received(await blocked.outcome)).toBe('');
      expect(received(await recv(server))).toBe('');
    });

    test("after the peer's close the first send succeeds and the second is EPIPE", async () => {
      const { bench, client, server, send, recv, settled } = await pair();
      await bench.call({ name: 'close', on: client });
      await settled(state => state === 'CLOSE-WAIT');
      expect(await send(server)).toEqual({ kind: 'count', count: 1 });
      await settled(state => state === undefined || state === 'CLOSED');
      // A driver that writes for the caller hears of it one send later.
      if (!exact) await until('the reset has come', async () => (await send(server)).kind === 'error');
      expectFailure(await send(server), 'EPIPE', 32, 'BrokenPipeError');
      expect(received(await recv(server))).toBe('');
    });

    test.runIf(exact)('close with unread data resets the connection', async () => {
      const { bench, client, server, send, recv } = await pair();
      await send(client, 'unread');
      await bench.call({ name: 'close', on: server });
      expectFailure(await recv(client), 'ECONNRESET', 104, 'ConnectionResetError');
    });

    test('reset: the next recv is ECONNRESET, then recv is EOF and send EPIPE', async () => {
      const { bench, client, server, recv, send, settled } = await pair();
      expect(await bench.call({ name: 'reset', on: client })).toEqual({ kind: 'none' });
      await settled(state => state === undefined || state === 'CLOSED');
      expectFailure(await recv(server), 'ECONNRESET', 104, 'ConnectionResetError');
      expect(received(await recv(server))).toBe('');
      expectFailure(await send(server), 'EPIPE', 32, 'BrokenPipeError');
      expectFailure(await bench.call({ name: 'getpeername', on: server }), 'ENOTCONN', 107, 'OSError');
      const shut = await bench.call({ name: 'shutdown', on: server, how: 'SHUT_WR' });
      expectFailure(shut, 'ENOTCONN', 107, 'OSError');
    });

    test.runIf(exact)('reset: what was queued is received before ECONNRESET', async () => {
      const { bench, client, server, recv, send, settled } = await pair();
      await send(client, 'queued');
      await bench.call({ name: 'reset', on: client });
      await settled(state => state === undefined || state === 'CLOSED');
      expect(received(await recv(server))).toBe('queued');
      expectFailure(await recv(server), 'ECONNRESET', 104, 'ConnectionResetError');
    });

    test.runIf(exact)('reset: where send is the first to hear, it is ECONNRESET there', async () => {
      const { bench, client, server, recv, send, settled } = await pair();
      await bench.call({ name: 'reset', on: client });
      await settled(state => state === undefined || state === 'CLOSED');
      expectFailure(await send(server), 'ECONNRESET', 104, 'ConnectionResetError');
      expectFailure(await send(server), 'EPIPE', 32, 'BrokenPipeError');
      expect(received(await recv(server))).toBe('');
    });

    test('reset while recv is blocked ends it with ECONNRESET', async () => {
      const { bench, client, server } = await pair();
      const blocked = bench.start({ name: 'recv', on: server, size: 9 });
      await turns();
      await bench.call({ name: 'reset', on: client });
      expectFailure(await blocked.outcome, 'ECONNRESET', 104, 'ConnectionResetError');
    });

    test('reset right after a half-close still resets', async () => {
      const { bench, client, server, recv } = await pair();
      await bench.call({ name: 'shutdown', on: client, how: 'SHUT_WR' });
      await bench.call({ name: 'reset', on: client });
      expect(received(await recv(server))).toBe('');
      await until('EPIPE or ECONNRESET', async () => {
        const outcome = await bench.call({ name: 'send', on: server, data: text('x') });
        return outcome.kind === 'error' && ['EPIPE', 'ECONNRESET'].includes(outcome.code);
      });
    });

    test('calls on a closed socket are EBADF', async () => {
      const { bench, client, recv, send } = await pair();
      await bench.call({ name: 'close', on: client });
      expectFailure(await recv(client), 'EBADF', 9, 'OSError');
      expectFailure(await send(client), 'EBADF', 9, 'OSError');
      expectFailure(await bench.call({ name: 'getsockname', on: client }), 'EBADF', 9, 'OSError');
      expectFailure(await bench.call({ name: 'listen', on: client, backlog: 1 }), 'EBADF', 9, 'OSError');
    });

    test('a closed port can be bound again at once, and dispose closes everything', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      await bench.call({ name: 'close', on: name });
      const second = await bench.socket(family);
      expect((await bench.call({ name: 'bind', on: second, address: at })).kind).toBe('none');
      expect((await bench.call({ name: 'listen', on: second, backlog: 1 })).kind).toBe('none');
      await bench.dispose();
      if (seen) expect(tcpRow(family, at)).toBeUndefined();
    });
  });
};

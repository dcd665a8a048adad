import { describe, expect, test } from 'vitest';
import { inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { endpoint, expectFailure, hands, loopback, received, repeat, text, turns, until } from './hands.ts';

/** Long enough for no deadline to come: the bench keeps it, and none does here. */
const timeout = 60_000;

/**
 * close(2) while a call is inside: the kernel keeps the socket until the call is over. What is expected was tried with
 * CPython 3.11's threads on Linux.
 */
export const insideContract = ({ make, exact, family }: Subject): void => {
  const pair = async () => {
    const bench = hands(make);
    const { client, server } = await bench.connected(family);
    return {
      bench,
      client,
      server,
      close: (on: string) => bench.call({ name: 'close', on }),
      look: (on: string) => bench.call({ name: 'recv', on, size: 99 }, 0),
      send: (on: string, words: string) => bench.call({ name: 'send', on, data: text(words) }),
    };
  };

  /** All that comes until EOF, in bytes. */
  const drained = async (bench: ReturnType<typeof hands>, on: string): Promise<number> => {
    for (let size = 0; ; ) {
      const part = await bench.call({ name: 'recv', on, size: 1 << 20 });
      if (part.kind !== 'data') throw new Error(JSON.stringify(part));
      if (part.data.length === 0) return size;
      size += part.data.length;
    }
  };

  describe('close while a call is inside', () => {
    test('recv stays blocked, no FIN leaves, what the peer sends ends it, and then comes the FIN', async () => {
      const { bench, client, server, close, look, send } = await pair();
      const inside = bench.start({ name: 'recv', on: client, size: 10 });
      await turns();
      expect(await close(client)).toEqual({ kind: 'none' });
      await turns();
      expect(inside.ended()).toBe(false);
      expectFailure(await look(server), 'EAGAIN', 11, 'BlockingIOError');
      expectFailure(await send(client, 'x'), 'EBADF', 9, 'OSError');
      await send(server, 'hi');
      expect(received(await inside.outcome)).toBe('hi');
      expect(received(await bench.call({ name: 'recv', on: server, size: 9 }))).toBe('');
    });

    test('two that wait are served one after the other', async () => {
      const { bench, client, server, close, send, look } = await pair();
      const first = bench.start({ name: 'recv', on: client, size: 4 });
      const second = bench.start({ name: 'recv', on: client, size: 4 });
      await close(client);
      await send(server, 'wxyz');
      expect(received(await first.outcome)).toBe('wxyz');
      expectFailure(await look(server), 'EAGAIN', 11, 'BlockingIOError');
      await send(server, 'WXYZ');
      expect(received(await second.outcome)).toBe('WXYZ');
      expect(received(await bench.call({ name: 'recv', on: server, size: 9 }))).toBe('');
    });

    test('Ctrl-C on it lets the socket go', async () => {
      const { bench, client, server, close } = await pair();
      const inside = bench.start({ name: 'recv', on: client, size: 10 });
      await close(client);
      inside.stop('cancelled');
      expect(received(await bench.call({ name: 'recv', on: server, size: 9 }))).toBe('');
    });

    test('recv with a timeout finds the descriptor closed once data comes, and leaves it unread', async () => {
      const { bench, client, server, close, send } = await pair();
      const inside = bench.start({ name: 'recv', on: client, size: 10 }, timeout);
      await turns();
      await close(client);
      await send(server, 'hi');
      expectFailure(await inside.outcome, 'EBADF', 9, 'OSError');
      const end = await bench.call({ name: 'recv', on: server, size: 9 });
      if (exact) expectFailure(end, 'ECONNRESET', 104, 'ConnectionResetError');
      else expect(received(end)).toBe('');
    });

    test('accept takes one more client, and the next is refused', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const inside = bench.start({ name: 'accept', on: name });
      await turns();
      await bench.call({ name: 'close', on: name });
      const client = await bench.socket(family);
      expect((await bench.call({ name: 'connect', on: client, address: at })).kind).toBe('none');
      expect((await inside.outcome).kind).toBe('made');
      const next = await bench.socket(family);
      const refused = await bench.call({ name: 'connect', on: next, address: at });
      expectFailure(refused, 'ECONNREFUSED', 111, 'ConnectionRefusedError');
    });

    test.runIf(exact)('accept with a timeout leaves the client to be reset', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const inside = bench.start({ name: 'accept', on: name }, timeout);
      await turns();
      await bench.call({ name: 'close', on: name });
      const client = await bench.socket(family);
      expect((await bench.call({ name: 'connect', on: client, address: at })).kind).toBe('none');
      expectFailure(await inside.outcome, 'EBADF', 9, 'OSError');
      const end = await bench.call({ name: 'recv', on: client, size: 9 });
      expectFailure(end, 'ECONNRESET', 104, 'ConnectionResetError');
    });

    test('sendall delivers every byte, and then comes the FIN', async () => {
      const { bench, client, server, close } = await pair();
      const size = 16 << 20;
      const inside = bench.start({ name: 'sendall', on: client, data: repeat(size) });
      await turns();
      expect(inside.ended()).toBe(false);
      await close(client);
      expect(await drained(bench, server)).toBe(size);
      expect(await inside.outcome).toEqual({ kind: 'none' });
    });

    test.runIf(exact)('sendall with a timeout finds the descriptor closed once there is room', async () => {
      const { bench, client, server, close } = await pair();
      const size = 64 << 20;
      const inside = bench.start({ name: 'sendall', on: client, data: repeat(size) }, timeout);
      await until('the buffers are full', async () => {
        const before = inside.taken();
        await turns(10);
        return before > 0 && inside.taken() === before;
      });
      await close(client);
      expect(await drained(bench, server)).toBeLessThan(size);
      expectFailure(await inside.outcome, 'EBADF', 9, 'OSError');
    });

    test('recvfrom takes one more datagram; with a timeout it finds the descriptor closed', async () => {
      const bench = hands(make);
      for (const [limit, kind] of [
        [null, 'data'],
        [timeout, 'error'],
      ] as const) {
        const receiver = await bench.datagram(family);
        const sender = await bench.datagram(family);
        const inside = bench.start({ name: 'recvfrom', on: receiver.name, size: 9 }, limit);
        await turns();
        await bench.call({ name: 'close', on: receiver.name });
        await bench.call({ name: 'sendto', on: sender.name, data: text('hey'), address: receiver.at });
        const outcome = await inside.outcome;
        expect(outcome.kind).toBe(kind);
        if (outcome.kind === 'error') expectFailure(outcome, 'EBADF', 9, 'OSError');
        else expect(received(outcome)).toBe('hey');
        // The port is free again.
        const next = await bench.socket(family, 'SOCK_DGRAM');
        const address = inet(loopback[family], portAt(receiver.at)!);
        await until('the port is free', async () => {
          const bound = await bench.call({ name: 'bind', on: next, address });
          return bound.kind === 'none' && portAt(endpoint(bound)) === portAt(receiver.at);
        });
      }
    });

    test('reset ends it at once', async () => {
      const { bench, client, server } = await pair();
      const inside = bench.start({ name: 'recv', on: client, size: 10 });
      await turns();
      expect(await bench.call({ name: 'reset', on: client })).toEqual({ kind: 'none' });
      expect(await inside.outcome).toMatchObject({ code: 'CLOSED' });
      const end = await bench.call({ name: 'recv', on: server, size: 9 });
      expectFailure(end, 'ECONNRESET', 104, 'ConnectionResetError');
    });
  });
};

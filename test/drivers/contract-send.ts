import { describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { expectFailure, hands, repeat, text, turns, until } from './hands.ts';

const much = 64 << 20;

export const sendContract = ({ make, exact, family }: Subject): void => {
  const pair = async () => {
    const bench = hands(make);
    const { client, server } = await bench.connected(family);
    let read = 0;
    /** Receives until that many bytes have come, in all. */
    const drain = async (total: number) => {
      while (read < total) {
        const outcome = await bench.call({ name: 'recv', on: server, size: 1 << 20 });
        if (outcome.kind !== 'data' || outcome.data.length === 0) throw new Error(JSON.stringify(outcome));
        read += outcome.data.length;
      }
      return read;
    };
    return {
      bench,
      client,
      server,
      drain,
      send: (size: number, timeout?: number) =>
        bench.call({ name: 'send', on: client, data: repeat(size) }, timeout),
      sending: (size: number, timeout?: number) =>
        bench.start({ name: 'send', on: client, data: repeat(size) }, timeout),
      sendingAll: (size: number, timeout?: number) =>
        bench.start({ name: 'sendall', on: client, data: repeat(size) }, timeout),
    };
  };

  /** Waits until a send takes no more: the kernel's buffers are full. */
  const blocked = async (flight: { taken: () => number; ended: () => boolean }) => {
    let before = -1;
    await until('blocked', async () => {
      await new Promise(resolve => setTimeout(resolve, 60));
      const same = flight.taken() === before && before > 0;
      before = flight.taken();
      return same;
    });
    expect(flight.ended()).toBe(false);
    return before;
  };

  describe('send and sendall', () => {
    test('send counts, sendall is ok, nothing is nothing', async () => {
      const { bench, client, drain } = await pair();
      expect(await bench.call({ name: 'send', on: client, data: text('hello') })).toEqual({
        kind: 'count',
        count: 5,
      });
      expect(await bench.call({ name: 'sendall', on: client, data: text('world') })).toEqual({
        kind: 'none',
      });
      expect(await bench.call({ name: 'send', on: client, data: text('') })).toEqual({
        kind: 'count',
        count: 0,
      });
      expect(await bench.call({ name: 'sendall', on: client, data: text('') })).toEqual({ kind: 'none' });
      expect(await drain(10)).toBe(10);
    });

    test('sendto on a stream ignores the address, as Linux does', async () => {
      const { bench, client } = await pair();
      const address = inet(family === 'AF_INET' ? '192.0.2.1' : '2001:db8::1', 5);
      const sent = await bench.call({ name: 'sendto', on: client, data: text('hi'), address });
      expect(sent).toEqual({ kind: 'count', count: 2 });
    });

    test('sendall of 64 MiB blocks while nobody reads and ends when all was taken', async () => {
      const { sendingAll, drain } = await pair();
      const flight = sendingAll(much);
      const taken = await blocked(flight);
      expect(taken).toBeLessThan(much);
      expect(await drain(much)).toBe(much);
      expect(await flight.outcome).toEqual({ kind: 'none' });
    });

    test('a blocking send takes everything, however long that is', async () => {
      const { sending, drain } = await pair();
      const flight = sending(much);
      await blocked(flight);
      await drain(much);
      expect(await flight.outcome).toEqual({ kind: 'count', count: much });
    });

    test('a send with a timeout returns at once what the kernel took', async () => {
      const { send, drain } = await pair();
      const sent = await send(much, 5000);
      if (sent.kind !== 'count') throw new Error(JSON.stringify(sent));
      expect(sent.count).toBeGreaterThan(0);
      expect(sent.count).toBeLessThan(much);
      expect(await drain(sent.count)).toBe(sent.count);
    });

    test('timeout 0: counts, then EAGAIN once the buffers are full', async () => {
      const { send, drain } = await pair();
      let total = 0;
      let outcome = await send(much, 0);
      while (outcome.kind === 'count') {
        total += outcome.count;
        outcome = await send(much, 0);
      }
      expectFailure(outcome, 'EAGAIN', 11, 'BlockingIOError');
      expect(await drain(total)).toBe(total);
    });

    test('sendall with timeout 0 is EAGAIN and says how much was taken', async () => {
      const { bench, client, drain } = await pair();
      const outcome = await bench.call({ name: 'sendall', on: client, data: repeat(much) }, 0);
      expectFailure(outcome, 'EAGAIN', 11, 'BlockingIOError');
      const count = outcome.kind === 'error' ? outcome.count! : 0;
      expect(count).toBeGreaterThan(0);
      expect(await drain(count)).toBe(count);
    });

    test('a stopped sendall leaves at most one piece behind, which is reported when it has left', async () => {
      const { bench, client, server, sendingAll, drain } = await pair();
      const flight = sendingAll(much, 5000);
      await blocked(flight);
      const taken = flight.stop('deadline');
      expect(taken).toBeGreaterThan(0);
      const piece = exact ? 1 : 65_536;
      await drain(taken);
      await until('the piece has left', () => bench.notices.length === 1);
      const [notice] = bench.notices;
      expect(notice).toMatchObject({ event: 'late', socket: client });
      expect(notice!.bytes).toBeLessThanOrEqual(piece);
      expect(await drain(taken + notice!.bytes)).toBe(taken + notice!.bytes);
      expect(flight.ended()).toBe(false);
      // Nothing more comes, and the socket goes on working.
      await bench.call({ name: 'sendall', on: client, data: text('!') });
      const last = await bench.call({ name: 'recv', on: server, size: 99 });
      expect(last).toMatchObject({ kind: 'data' });
      expect(last.kind === 'data' && Buffer.from(last.data).toString()).toBe('!');
    });

    test('a second sendall waits for the first', async () => {
      const { bench, client, sendingAll, drain } = await pair();
      const first = sendingAll(much);
      const second = bench.start({ name: 'sendall', on: client, data: repeat(10, 'y') });
      await blocked(first);
      expect(second.taken()).toBe(0);
      await drain(much + 10);
      expect((await first.outcome).kind).toBe('none');
      expect((await second.outcome).kind).toBe('none');
    });

    test('a reset while sendall is blocked is ECONNRESET', async () => {
      const { bench, server, send, sendingAll } = await pair();
      const flight = sendingAll(much);
      await blocked(flight);
      await bench.call({ name: 'reset', on: server });
      const outcome = await flight.outcome;
      expectFailure(outcome, 'ECONNRESET', 104, 'ConnectionResetError');
      expect(outcome.kind === 'error' && outcome.count).toBeGreaterThan(0);
      await turns();
      expectFailure(await send(1), 'EPIPE', 32, 'BrokenPipeError');
    });

    test('64 MiB of a word arrive as they were meant, and are never held whole', async () => {
      const { bench, client, server } = await pair();
      const before = process.memoryUsage().arrayBuffers;
      const flight = bench.start({ name: 'sendall', on: client, data: repeat(much, 'abcdefghijk') });
      await blocked(flight);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
      let read = 0;
      while (read < much) {
        const outcome = await bench.call({ name: 'recv', on: server, size: 65_536 });
        if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
        const first = outcome.data[0]! - 97;
        expect(first).toBe(read % 11);
        read += outcome.data.length;
      }
      expect((await flight.outcome).kind).toBe('none');
      await turns();
    });
  });
};

import { describe, expect, test } from 'vitest';
import type { Subject } from './contract.ts';
import { endpoint, expectFailure, hands, received, repeat, text, turns, until } from './hands.ts';
import { onLinux, tcpRow } from './kernel.ts';

export const receiveContract = ({ make, exact, family }: Subject): void => {
  const seen = exact && onLinux;

  /** A pair, a sender, and what the kernel has queued for the server. */
  const pair = async () => {
    const bench = hands(make);
    const { client, server, at } = await bench.connected(family);
    const peer = endpoint(await bench.call({ name: 'getsockname', on: client }));
    return {
      bench,
      client,
      server,
      send: (words: string) => bench.call({ name: 'sendall', on: client, data: text(words) }),
      recv: async (
        size: number,
        flags: ('MSG_PEEK' | 'MSG_WAITALL' | 'MSG_DONTWAIT')[] = [],
        timeout?: number,
      ) => bench.call({ name: 'recv', on: server, size, flags }, timeout),
      start: (size: number, flags: ('MSG_PEEK' | 'MSG_WAITALL' | 'MSG_DONTWAIT')[] = [], timeout?: number) =>
        bench.start({ name: 'recv', on: server, size, flags }, timeout),
      queued: () => tcpRow(family, at, peer)?.rcvQ,
    };
  };

  describe('recv on a stream', () => {
    test('takes at most the size asked for and leaves the rest', async () => {
      const { send, recv, queued } = await pair();
      await send('hello world');
      expect(received(await recv(5))).toBe('hello');
      if (seen) expect(queued()).toBe(6);
      expect(received(await recv(1))).toBe(' ');
      expect(received(await recv(99))).toBe('world');
    });

    test.runIf(seen)('nothing is read while no recv runs, and a stopped recv takes nothing', async () => {
      const { send, start, recv, queued } = await pair();
      const stopped = start(4);
      await turns();
      expect(stopped.stop('cancelled')).toBe(0);
      await send('x'.repeat(5000));
      await turns();
      expect(queued()).toBe(5000);
      expect(stopped.ended()).toBe(false);
      expect(received(await recv(1000))?.length).toBe(1000);
      await turns();
      expect(queued()).toBe(4000);
    });

    test('blocks until there is a byte', async () => {
      const { send, start } = await pair();
      const flight = start(10);
      await turns();
      expect(flight.ended()).toBe(false);
      await send('now');
      expect(received(await flight.outcome)).toBe('now');
    });

    test('two receives in flight are served in order', async () => {
      const { send, start } = await pair();
      const [first, second] = [start(3), start(9)];
      await send('one');
      expect(received(await first.outcome)).toBe('one');
      await turns();
      expect(second.ended()).toBe(false);
      await send('two');
      expect(received(await second.outcome)).toBe('two');
    });

    test('size 0 gives no bytes and does not block', async () => {
      const { recv } = await pair();
      expect(received(await recv(0))).toBe('');
    });

    test('timeout 0 and MSG_DONTWAIT: EAGAIN where nothing is there, bytes where they are', async () => {
      const { send, recv } = await pair();
      expectFailure(await recv(9, [], 0), 'EAGAIN', 11, 'BlockingIOError');
      expectFailure(await recv(9, ['MSG_DONTWAIT']), 'EAGAIN', 11, 'BlockingIOError');
      await send('there');
      await turns();
      expect(received(await recv(2, [], 0))).toBe('th');
      expect(received(await recv(9, ['MSG_DONTWAIT']))).toBe('ere');
    });

    test('MSG_DONTWAIT does not count where a timeout is set: CPython waits for the socket first', async () => {
      const { send, start } = await pair();
      const flight = start(9, ['MSG_DONTWAIT'], 5000);
      await turns();
      expect(flight.ended()).toBe(false);
      await send('late');
      expect(received(await flight.outcome)).toBe('late');
    });

    test('MSG_PEEK leaves the bytes, recv then takes them with what came after', async () => {
      const { send, recv } = await pair();
      await send('abc');
      expect(received(await recv(2, ['MSG_PEEK']))).toBe('ab');
      expect(received(await recv(9, ['MSG_PEEK']))).toBe('abc');
      await send('def');
      await turns();
      expect(received(await recv(9, ['MSG_PEEK']))).toBe('abcdef');
      expect(received(await recv(1))).toBe('a');
      expect(received(await recv(99))).toBe('bcdef');
      expectFailure(await recv(9, [], 0), 'EAGAIN', 11, 'BlockingIOError');
    });

    test('a peek that takes less than it peeked at before loses nothing', async () => {
      const { send, recv } = await pair();
      await send('abcdef');
      expect(received(await recv(6, ['MSG_PEEK']))).toBe('abcdef');
      expect(received(await recv(2, ['MSG_PEEK']))).toBe('ab');
      expect(received(await recv(6))).toBe('abcdef');
    });

    test('MSG_WAITALL waits for all while blocking', async () => {
      const { bench, client, send, start, recv } = await pair();
      const flight = start(6, ['MSG_WAITALL']);
      await send('abc');
      await until('3 bytes taken', () => flight.taken() === 3);
      expect(flight.ended()).toBe(false);
      await send('defgh');
      expect(received(await flight.outcome)).toBe('abcdef');
      expect(received(await recv(9))).toBe('gh');
      await send('xy');
      const short = start(6, ['MSG_WAITALL']);
      await bench.call({ name: 'close', on: client });
      expect(received(await short.outcome)).toBe('xy');
    });

    test('MSG_WAITALL with a timeout set returns what is there', async () => {
      const { send, recv } = await pair();
      await send('abc');
      expect(received(await recv(6, ['MSG_WAITALL'], 5000))).toBe('abc');
    });

    test('the next call gets what a stopped MSG_WAITALL had taken', async () => {
      const { send, start, recv } = await pair();
      const flight = start(6, ['MSG_WAITALL']);
      await send('abc');
      await until('3 bytes taken', () => flight.taken() === 3);
      expect(flight.stop('cancelled')).toBe(3);
      expect(received(await recv(9))).toBe('abc');
    });

    test('recvfrom works on a stream', async () => {
      const { bench, server, send } = await pair();
      await send('hi');
      expect(received(await bench.call({ name: 'recvfrom', on: server, size: 9 }))).toBe('hi');
    });

    test('what was received is not overwritten by what follows', async () => {
      const { bench, client, server } = await pair();
      const total = 3 << 20;
      const sending = bench.call({ name: 'sendall', on: client, data: repeat(total, '0123456789') });
      const pieces: Buffer[] = [];
      for (let size = 0; size < total; size += pieces.at(-1)!.length) {
        const outcome = await bench.call({
          name: 'recv',
          on: server,
          size: [1, 700, 65_536, 400_000][pieces.length % 4]!,
        });
        if (outcome.kind !== 'data' || outcome.data.length === 0) throw new Error(JSON.stringify(outcome));
        pieces.push(Buffer.from(outcome.data.buffer, outcome.data.byteOffset, outcome.data.length));
      }
      expect((await sending).kind).toBe('none');
      expect(Buffer.concat(pieces).equals(Buffer.alloc(total, '0123456789'))).toBe(true);
    });
  });
};

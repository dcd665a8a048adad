import { describe, expect, test } from 'vitest';
import type { Subject } from './contract.ts';
import { expectFailure, hands, received, repeat, text, turns, until } from './hands.ts';

export const fileContract = ({ make, family }: Subject): void => {
  /** A pair whose server end has a file object. */
  const pair = async (mode = 'rwb') => {
    const bench = hands(make);
    const { client, server } = await bench.connected(family);
    const made = await bench.call({ name: 'makefile', on: server, mode });
    const file = made.kind === 'made' ? made.name : '';
    return {
      bench,
      client,
      server,
      file,
      made,
      send: (words: string) => bench.call({ name: 'sendall', on: client, data: text(words) }),
      recv: (timeout?: number) => bench.call({ name: 'recv', on: client, size: 99_999 }, timeout),
      read: (size?: number, timeout?: number) => bench.call({ name: 'read', on: file, size }, timeout),
      readline: (timeout?: number) => bench.call({ name: 'readline', on: file }, timeout),
      write: (words: string) => bench.call({ name: 'write', on: file, data: text(words) }),
      flush: () => bench.call({ name: 'flush', on: file }),
      close: () => bench.call({ name: 'close', on: file }),
    };
  };

  describe('file objects', () => {
    test('readline gives a line, read what is asked for, and recv does not find what the buffer holds', async () => {
      const { bench, server, send, read, readline } = await pair();
      await send('ab\ncdef');
      await turns();
      expect(received(await readline())).toBe('ab\n');
      expectFailure(
        await bench.call({ name: 'recv', on: server, size: 9 }, 0),
        'EAGAIN',
        11,
        'BlockingIOError',
      );
      expect(received(await read(2))).toBe('cd');
      expect(received(await read(2))).toBe('ef');
    });

    test('read waits for all it was asked for, and for EOF without a size', async () => {
      const { bench, client, file, send, read, readline } = await pair();
      const reading = bench.start({ name: 'read', on: file, size: 6 });
      await send('abc');
      await until('3 bytes taken', () => reading.taken() === 3);
      expect(reading.ended()).toBe(false);
      await send('def\nrest\nlast');
      expect(received(await reading.outcome)).toBe('abcdef');
      expect(received(await readline())).toBe('\n');
      await bench.call({ name: 'close', on: client });
      expect(received(await read())).toBe('rest\nlast');
      expect(received(await read())).toBe('');
      expect(received(await readline())).toBe('');
    });

    test('a long read and a long line pass through the buffer whole', async () => {
      const { bench, client, read, readline } = await pair();
      void bench.call({ name: 'sendall', on: client, data: repeat(100_000, 'abc') });
      expect(received(await read(50_001))).toBe('abc'.repeat(16_667));
      expect(received(await read(49_999))).toBe('abc'.repeat(16_667).slice(0, 49_999));
      void bench.call({ name: 'sendall', on: client, data: text(`${'z'.repeat(40_000)}\n!`) });
      expect(received(await readline())).toBe(`${'z'.repeat(40_000)}\n`);
      expect(received(await read(1))).toBe('!');
    });

    test('a line of a byte a recv is read, where each is answered at once, and the file object closed', async () => {
      const bench = hands(make);
      const { client, server } = await bench.connected(family);
      const made = await bench.call({ name: 'makefile', on: server, mode: 'rb', buffering: 1 });
      const on = made.kind === 'made' ? made.name : '';
      await bench.call({ name: 'sendall', on: client, data: text(`${'z'.repeat(20_000)}\n`) });
      await turns();
      await bench.call({ name: 'shutdown', on: server, how: 'SHUT_RD' });
      expect(received(await bench.call({ name: 'readline', on }))).toBe(`${'z'.repeat(20_000)}\n`);
      expect(await bench.call({ name: 'close', on })).toEqual({ kind: 'none' });
    });

    test('an unflushed write reaches nobody', async () => {
      const { recv, write, flush } = await pair();
      expect(await write('hello ')).toEqual({ kind: 'count', count: 6 });
      expect(await write('world')).toEqual({ kind: 'count', count: 5 });
      await turns();
      expectFailure(await recv(0), 'EAGAIN', 11, 'BlockingIOError');
      expect(await flush()).toEqual({ kind: 'none' });
      expect(received(await recv())).toBe('hello world');
    });

    test("a write that does not fit flushes the buffer first; only more than a buffer's worth goes straight through", async () => {
      const { bench, file, recv, write } = await pair();
      await write('a'.repeat(8000));
      expectFailure(await recv(0), 'EAGAIN', 11, 'BlockingIOError');
      await write('b'.repeat(300));
      expect(received(await recv())).toBe('a'.repeat(8000));
      await bench.call({ name: 'write', on: file, data: repeat(8192, 'c') });
      expect(received(await recv())).toBe('b'.repeat(300));
      expect(await bench.call({ name: 'write', on: file, data: repeat(8193, 'd') })).toEqual({
        kind: 'count',
        count: 8193,
        passed: 8192 + 8193,
      });
      await turns();
      expect(received(await recv())).toBe('c'.repeat(8192) + 'd'.repeat(8193));
      expectFailure(await recv(0), 'EAGAIN', 11, 'BlockingIOError');
    });

    test('after a timeout the file object refuses to read, and goes on writing', async () => {
      const { bench, file, send, recv, read, readline, write, flush } = await pair();
      const reading = bench.start({ name: 'read', on: file, size: 3 }, 50);
      await turns();
      reading.stop('deadline');
      await send('abc');
      expectFailure(await read(3), 'TIMED_OUT_OBJECT', null, 'OSError');
      expectFailure(await readline(), 'TIMED_OUT_OBJECT', null, 'OSError');
      await write('still');
      expect(await flush()).toEqual({ kind: 'none' });
      expect(received(await recv())).toBe('still');
    });

    test('with timeout 0: None, or what is there', async () => {
      const { send, read, readline } = await pair('rb');
      expect(await read(6, 0)).toEqual({ kind: 'none' });
      expect(received(await readline(0))).toBe('');
      await send('abc');
      await turns();
      expect(received(await read(6, 0))).toBe('abc');
      expect(await read(undefined, 0)).toEqual({ kind: 'none' });
      const { readline: paired } = await pair('rwb');
      expectFailure(await paired(0), 'UNKNOWN', null, 'OSError');
    });

    test('a cancelled read has lost what it had read, as in CPython', async () => {
      const { bench, file, send, read } = await pair();
      const reading = bench.start({ name: 'read', on: file, size: 6 });
      await send('abc');
      await until('3 bytes taken', () => reading.taken() === 3);
      reading.stop('cancelled');
      await send('defghi');
      expect(received(await read(6))).toBe('defghi');
    });

    test('modes, and what they refuse', async () => {
      const { bench, server, made } = await pair('x');
      expectFailure(made, 'VALUE', null, 'ValueError');
      expect(made).toMatchObject({ detail: "invalid mode 'x' (only r, w, b allowed)" });
      const reader = await bench.call({ name: 'makefile', on: server, mode: 'rb' });
      const on = reader.kind === 'made' ? reader.name : '';
      expectFailure(
        await bench.call({ name: 'write', on, data: text('x') }),
        'NOT_OPENED_FOR',
        null,
        'io.UnsupportedOperation',
      );
      const writer = await bench.call({ name: 'makefile', on: server, mode: 'wb' });
      expectFailure(
        await bench.call({ name: 'read', on: writer.kind === 'made' ? writer.name : '', size: 1 }),
        'NOT_OPENED_FOR',
        null,
        'io.UnsupportedOperation',
      );
    });

    test('close flushes; a closed file object answers ValueError, its second close nothing', async () => {
      const { recv, read, write, flush, close } = await pair();
      await write('last words');
      expect(await close()).toEqual({ kind: 'none' });
      expect(received(await recv())).toBe('last words');
      expect(await read(1)).toMatchObject({ code: 'VALUE', detail: 'read of closed file' });
      expect(await write('x')).toMatchObject({ code: 'VALUE', detail: 'write to closed file' });
      expect(await flush()).toMatchObject({ code: 'VALUE', detail: 'flush of closed file' });
      expect(await close()).toEqual({ kind: 'none' });
    });

    test('the socket stays open until its last file object is closed', async () => {
      const { bench, server, recv, write, close } = await pair();
      await bench.call({ name: 'close', on: server });
      await turns();
      expectFailure(await recv(0), 'EAGAIN', 11, 'BlockingIOError');
      await write('from the file');
      await close();
      expect(received(await recv())).toBe('from the file');
      expect(received(await recv())).toBe('');
      expectFailure(await bench.call({ name: 'getsockname', on: server }), 'EBADF', 9, 'OSError');
    });

    test('flush to a dead connection: ok, then EPIPE, and close says so too', async () => {
      const { bench, client, write, flush, close } = await pair();
      await bench.call({ name: 'close', on: client });
      await write('x');
      expect(await flush()).toEqual({ kind: 'none' });
      await until('the reset has come', async () => {
        await write('y');
        return (await flush()).kind === 'error';
      });
      expectFailure(await flush(), 'EPIPE', 32, 'BrokenPipeError');
      expectFailure(await close(), 'EPIPE', 32, 'BrokenPipeError');
    });

    test('over UDP two writes and a flush are one datagram, and a read keeps the rest in the buffer', async () => {
      const bench = hands(make);
      const receiver = await bench.datagram(family);
      const sender = await bench.datagram(family);
      await bench.call({ name: 'connect', on: sender.name, address: receiver.at });
      const file = async (on: string) => {
        const made = await bench.call({ name: 'makefile', on, mode: 'rwb' });
        return made.kind === 'made' ? made.name : '';
      };
      const out = await file(sender.name);
      await bench.call({ name: 'write', on: out, data: text('abc') });
      await bench.call({ name: 'write', on: out, data: text('def') });
      await bench.call({ name: 'flush', on: out });
      expect(received(await bench.call({ name: 'recv', on: receiver.name, size: 99 }))).toBe('abcdef');
      const into = await file(receiver.name);
      await bench.call({ name: 'send', on: sender.name, data: text('123456') });
      expect(received(await bench.call({ name: 'read', on: into, size: 3 }))).toBe('123');
      expect(received(await bench.call({ name: 'read', on: into, size: 3 }))).toBe('456');
    });
  });
};

import { describe, expect, it } from 'vitest';
import type { Sample } from '../../source/core/model/observer.ts';
import { exportPcapng } from '../../source/formats/pcapng/export-pcapng.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { at, createPlaybook, literal, sample, text } from '../support/entries.ts';
import { connected, flow, sessionFrom } from './by-hand.ts';
import { hasTshark, withTshark } from './tshark.ts';

/** A look at the kernel after all that the book holds. */
const look = (book: ReturnType<typeof connected>, ...sockets: Sample[]) => {
  const t = book.entries.length + 1;
  book.add({ kind: 'sample', t, source: 'kernel', readAt: t, sockets, taken: [] });
};

/** What came after the handshake. */
const ends = async (book: ReturnType<typeof connected>): Promise<string[]> =>
  (await flow(sessionFrom(book.entries))).slice(3);

describe.skipIf(!hasTshark)('the end of a stream in pcapng', () => {
  it('comes behind a byte that left after shutdown was called', async () => {
    const book = connected();
    const end = book.running({ name: 'sendall', on: 'c1', data: literal('abcdefgh') });
    end({ kind: 'error', code: 'INTERRUPTED', count: 3 });
    book.ended({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
    book.add({ kind: 'event', t: book.entries.length + 1, event: 'late', socket: 'c1', bytes: 1 });
    book.ended({ name: 'close', on: 'c1' });
    expect(await ends(book)).toEqual([
      '40000 AP 3',
      '9000 A 0',
      '40000 AP 1',
      '9000 A 0',
      '40000 AF 0',
      '9000 A 0',
    ]);
    await withTshark(exportPcapng(projectionOf(sessionFrom(book.entries))), async ({ examine }) => {
      expect((await examine(1, 'tcp', 'frame.number')).streams[0]?.bytes.map(String)).toEqual(['abcd', '']);
    });
  });

  it('is a reset where the kernel held bytes of a foreign peer that nobody received', async () => {
    const book = connected();
    look(book, sample('c1', 'ESTAB', { rcvQ: 5 }));
    book.ended({ name: 'close', on: 'c1' });
    expect(await ends(book)).toEqual(['40000 AR 0']);
  });

  it('is a FIN where all of them were received, and where only a FIN is unread', async () => {
    const read = connected();
    look(read, sample('c1', 'ESTAB', { rcvQ: 5 }));
    read.recv('c1', 'hello');
    read.ended({ name: 'close', on: 'c1' });
    expect((await ends(read)).slice(2)).toEqual(['40000 AF 0', '9000 A 0']);
    const half = connected();
    look(half, sample('c1', 'CLOSE-WAIT', { rcvQ: 1 }));
    half.ended({ name: 'close', on: 'c1' });
    expect(await ends(half)).toEqual(['40000 AF 0', '9000 A 0']);
  });
});

describe.skipIf(!hasTshark)('pcapng', () => {
  it('takes the port of a connect that nobody answered from a look at the kernel', async () => {
    const book = createPlaybook();
    book.socket('c1');
    const end = book.running({ name: 'connect', on: 'c1', address: at(9000) });
    look(book, sample('c1', 'SYN-SENT', { sndQ: 1, local: at(40001) }));
    end({ kind: 'error', code: 'TIMEOUT' });
    expect(await flow(sessionFrom(book.entries))).toEqual(['40001 S 0']);
  });

  it('has no wrong checksum where a datagram was cut, in IPv6 either', async () => {
    const book = createPlaybook();
    for (const [name, host] of [
      ['u1', '127.0.0.1'],
      ['u2', '::1'],
    ] as const) {
      book.socket(name, 'SOCK_DGRAM', host === '::1' ? 'AF_INET6' : 'AF_INET');
      book.bind(name, at(9000, host));
      const data = { kind: 'data', data: text('begin'), lost: 100, from: at(5000, host) } as const;
      book.ended({ name: 'recvfrom', on: name, size: 5 }, data);
    }
    await withTshark(exportPcapng(projectionOf(sessionFrom(book.entries))), async ({ examine }) => {
      expect(await examine(0, 'udp', 'udp.length')).toMatchObject({ warnings: [], rows: ['113', '113'] });
    });
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportPcapng } from '../../source/formats/pcapng/export-pcapng.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { at, createPlaybook, literal, text } from '../support/entries.ts';
import { sessionOf } from '../support/line-session.ts';
import { runsOf } from '../support/sizes.ts';
import { connected, flow, header, sessionFrom } from './by-hand.ts';
import { hasTshark, withTshark } from './tshark.ts';

/** A foreign server on loopback for as long as `work` takes. */
const withServer = async <T>(
  onSocket: (socket: Socket) => void,
  work: (port: number) => Promise<T>,
): Promise<T> => {
  const server = createServer({ allowHalfOpen: true }, onSocket).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
};

describe.skipIf(!hasTshark)('pcapng', () => {
  it('says in its header whose view it is, and keeps wall-clock time', async () => {
    const session = sessionFrom(connected().entries);
    const bytes = Buffer.concat([...exportPcapng(projectionOf(session))]);
    expect(bytes.toString('latin1')).toContain("from the application's view");
    const rows = await withTshark([bytes], ({ fields }) =>
      fields('tcp.flags == 2', 'frame.time_epoch', 'frame.comment'),
    );
    expect(rows).toEqual([`${Date.parse(header.began) / 1000 + 0.001}000000\tc1 to 127.0.0.1:9000`]);
  });

  it('takes the bytes of a foreign peer from what was received from it', async () => {
    const session = await withServer(
      socket => {
        socket.on('data', data => socket.end(`<${data}>`));
      },
      port =>
        sessionOf([
          'c1 = socket',
          `c1.connect 127.0.0.1:${port}`,
          'c1.send "hi"',
          'c1.recv 2',
          'c1.recv 9',
          'c1.recv 9',
          'c1.close',
        ]),
    );
    await withTshark(exportPcapng(projectionOf(session)), async ({ fields, examine }) => {
      const { rows, streams } = await examine(1, 'tcp.analysis.flags', 'frame.number');
      expect(rows).toEqual([]);
      expect(streams[0]?.bytes.map(String)).toEqual(['hi', '<hi>']);
      expect(await fields('tcp.flags.fin == 1', 'frame.number')).toHaveLength(2);
    });
  });

  it('writes the reset of a foreign peer', async () => {
    const session = await withServer(
      socket => socket.once('data', () => socket.resetAndDestroy()),
      port =>
        sessionOf(['c1 = socket', `c1.connect 127.0.0.1:${port}`, 'c1.send "hi"', 'c1.recv 2 => ECONNRESET']),
    );
    expect((await flow(session)).at(-1)).toMatch(/^\d+ AR 0$/);
  });

  it('ends a stream by FIN where all was read, by RST where something was left', async () => {
    const open = [
      's1 = socket',
      's1.bind 127.0.0.1:0',
      's1.listen 1',
      'p = s1.getsockname',
      'c1 = socket',
      'c1.connect $p',
      'a1 = s1.accept',
      'c1.send "abc"',
    ];
    const clean = await flow(await sessionOf([...open, 'a1.recv 9', 'a1.close']));
    expect(clean.slice(-2).map(row => row.replace(/^\d+ /, ''))).toEqual(['AF 0', 'A 0']);
    const left = await flow(await sessionOf([...open, 'a1.recv 2', 'a1.close']));
    expect(left.at(-1)).toMatch(/ AR 0$/);
  });

  it('answers data to a socket that nobody holds with RST', async () => {
    const book = connected();
    book.socket('s1');
    book.ended({ name: 'accept', on: 's1' }, { kind: 'made', name: 'a1', local: at(9000), peer: at(40000) });
    book.ended({ name: 'close', on: 'a1' });
    book.ended({ name: 'send', on: 'c1', data: literal('x') }, { kind: 'count', count: 1 });
    expect(await flow(sessionFrom(book.entries))).toEqual([
      '40000 S 0',
      '9000 AS 0',
      '40000 A 0',
      '9000 AF 0',
      '40000 A 0',
      '40000 AP 1',
      '9000 AR 0',
    ]);
  });

  it('writes a refused connect with a stand-in for the port that nobody knows, and says so', async () => {
    const book = createPlaybook();
    for (const name of ['c1', 'c2']) {
      book.socket(name, 'SOCK_STREAM', 'AF_INET6');
      book.ended(
        { name: 'connect', on: name, address: at(1, '::1') },
        { kind: 'error', code: 'ECONNREFUSED' },
      );
    }
    const rows = await flow(sessionFrom(book.entries), 'frame.comment');
    expect(rows.map(row => row.split(' ').slice(0, 2).join(' '))).toEqual([
      '65535 S',
      '1 AR',
      '65534 S',
      '1 AR',
    ]);
    expect(rows[0]).toContain("the session does not tell the client's port: 65535 stands for it");
  });

  it('writes a connect that nobody answered as a SYN alone, and none where the name was none', async () => {
    const book = createPlaybook();
    book.socket('c1');
    book.bind('c1', at(40001));
    book.ended(
      { name: 'connect', on: 'c1', address: at(9000, 'no such') },
      { kind: 'error', code: 'EAI_NONAME' },
    );
    book.ended({ name: 'connect', on: 'c1', address: at(9000) }, { kind: 'error', code: 'TIMEOUT' });
    book.ended({ name: 'close', on: 'c1' });
    expect(await flow(sessionFrom(book.entries))).toEqual(['40001 S 0']);
  });

  it('writes a handshake that went on after its call where it ended', async () => {
    const book = createPlaybook();
    book.socket('c1');
    book.ended({ name: 'connect', on: 'c1', address: at(9000) }, { kind: 'error', code: 'EINPROGRESS' });
    book.connect('c1', at(40000), at(9000));
    expect(await flow(sessionFrom(book.entries))).toEqual(['40000 S 0', '9000 AS 0', '40000 A 0']);
  });

  it('keeps the length of bytes that the cap took away, with a comment, and no segment is lost', async () => {
    const book = connected();
    const data = { kind: 'dropped', size: 100_000 } as const;
    book.ended({ name: 'send', on: 'c1', data }, { kind: 'count', count: 100_000 });
    book.ended({ name: 'recv', on: 'c1', size: 9 }, { kind: 'data', data: new Uint8Array(0), dropped: 7 });
    book.ended({ name: 'send', on: 'c1', data: literal('end') }, { kind: 'count', count: 3 });
    await withTshark(exportPcapng(projectionOf(sessionFrom(book.entries))), async ({ fields }) => {
      expect(await fields('_ws.malformed || tcp.analysis.flags', 'frame.number')).toEqual([]);
      expect(await fields('tcp.len > 0', 'tcp.seq', 'tcp.len', 'frame.comment')).toEqual([
        '1\t65495\t65495 bytes that the journal no longer holds',
        '65496\t34505\t34505 bytes that the journal no longer holds',
        '1\t7\t7 bytes that the journal no longer holds',
        '100001\t3\t',
      ]);
    });
  });

  it('begins in mid-session without a handshake, where a checkpoint says what stands', async () => {
    const book = connected();
    book.ended({ name: 'send', on: 'c1', data: literal('before') }, { kind: 'count', count: 6 });
    const { state } = sessionFrom(book.entries);
    const later = createPlaybook();
    later.add({ kind: 'checkpoint', t: 0, state });
    later.ended({ name: 'send', on: 'c1', data: literal('after') }, { kind: 'count', count: 5 });
    later.ended({ name: 'recv', on: 'c1', size: 9 }, { kind: 'data', data: text('yes') });
    later.ended({ name: 'close', on: 'c1' });
    await withTshark(exportPcapng(projectionOf(sessionFrom(later.entries))), async ({ fields, examine }) => {
      const { rows, streams } = await examine(1, 'tcp.analysis.flags || tcp.flags.syn == 1', 'frame.number');
      expect(rows).toEqual([]);
      expect(streams[0]?.bytes.map(String)).toEqual(['after', 'yes']);
      expect(await fields('frame.comment', 'frame.comment')).toEqual([
        'c1 to 127.0.0.1:9000; connected before the session begins',
      ]);
    });
  });

  it('writes a datagram between two sockets of the bench once, empty ones too', async () => {
    const session = await sessionOf([
      'u1 = socket AF_INET SOCK_DGRAM',
      'u1.bind 127.0.0.1:0',
      'p = u1.getsockname',
      'c1 = socket AF_INET SOCK_DGRAM',
      'c1.sendto "" $p',
      'c1.sendto "ping" $p',
      'u1.recvfrom 9',
      'u1.recvfrom 2',
    ]);
    const rows = await withTshark(exportPcapng(projectionOf(session)), ({ fields }) =>
      fields('udp', 'ip.src', 'udp.length', 'data.data'),
    );
    expect(rows).toEqual(['127.0.0.1\t8\t', '127.0.0.1\t12\t70696e67']);
  });

  it('writes the datagrams of a foreign sender as they were received', async () => {
    const stranger = createSocket('udp4').bind(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address();
    stranger.on('message', (_, { port: to }) => stranger.send('pong', to, '127.0.0.1'));
    const session = await sessionOf([
      'c1 = socket AF_INET SOCK_DGRAM',
      `c1.sendto "ping" 127.0.0.1:${port}`,
      'c1.recvfrom 3',
    ]);
    stranger.close();
    const rows = await withTshark(exportPcapng(projectionOf(session)), ({ fields }) =>
      fields('udp', 'udp.srcport', 'udp.length', 'frame.len', 'frame.cap_len', 'frame.comment'),
    );
    const own = rows[0]!.split('\t')[0];
    expect(rows).toEqual([
      `${own}\t12\t32\t32\t`,
      `${port}\t12\t32\t31\t1 bytes that the journal no longer holds`,
    ]);
  });

  it('follows whatever pieces two sides send, in IPv4 and IPv6', async () => {
    const pieces = fc.array(
      fc.record({
        out: fc.boolean(),
        data: fc.uint8Array({ minLength: 1, maxLength: 200 }),
        repeat: fc.constantFrom(1, 700),
      }),
      { maxLength: 12 },
    );
    const property = fc.asyncProperty(
      pieces,
      fc.constantFrom('127.0.0.1', '::1', '192.0.2.7', '2001:db8::7'),
      async (list, host) => {
        const book = createPlaybook();
        book.socket('c1');
        book.connect('c1', at(40000, host), at(9000, host));
        const sides: Uint8Array[][] = [[], []];
        for (const { out, data: unit, repeat } of list) {
          const size = unit.length * repeat;
          const whole = Buffer.concat(new Array(repeat).fill(unit));
          sides[out ? 0 : 1]!.push(whole);
          if (out) book.ended({ name: 'sendall', on: 'c1', data: { kind: 'repeat', size, unit } });
          else book.ended({ name: 'recv', on: 'c1', size }, { kind: 'data', data: whole });
        }
        await withTshark(exportPcapng(projectionOf(sessionFrom(book.entries))), async ({ examine }) => {
          const bad = '_ws.malformed || tcp.analysis.flags || tcp.checksum.status == 0';
          const { rows, warnings, streams } = await examine(1, bad, 'frame.number');
          expect({ rows, warnings }).toEqual({ rows: [], warnings: [] });
          const [stream] = streams;
          const first = stream!.ends[0].endsWith(':40000') ? 0 : 1;
          expect(stream!.bytes[first]!.equals(Buffer.concat(sides[0]!))).toBe(true);
          expect(stream!.bytes[1 - first]!.equals(Buffer.concat(sides[1]!))).toBe(true);
        });
      },
    );
    await fc.assert(property, runsOf('sessions followed by tshark'));
  });
});

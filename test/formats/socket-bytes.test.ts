import { describe, expect, test } from 'vitest';
import type { Direction } from '../../source/core/bytes/bytes-wanted.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { chunksOf, piecesLength } from '../../source/formats/pieces.ts';
import { createSocketBytes } from '../../source/formats/socket-bytes.ts';
import { connection, sessionOf } from '../support/line-session.ts';

/** The known bytes of a socket, and how many are gone. */
const bytesIn = (entries: readonly Entry[], socket: string, direction: Direction) => {
  const { take } = createSocketBytes(socket, direction);
  const pieces = entries.flatMap(take);
  const chunks = [...chunksOf(pieces, 64 * 1024)];
  const data = Buffer.concat(chunks.flatMap(chunk => (chunk.data ? [chunk.data] : [])));
  return { data, gone: piecesLength(pieces) - data.length };
};

const whole = { data: expect.any(Buffer), gone: 0 };

describe("a socket's bytes", () => {
  test('are those that calls took and returned, each of the 256 values', async () => {
    const hex = Buffer.from(Array.from({ length: 256 }, (_, value) => value)).toString('hex');
    const { entries } = await sessionOf([
      ...connection,
      `c1.send hex"${hex}"`,
      'a1.recv 100',
      'a1.recv 1000 MSG_PEEK',
      'a1.recv 1000',
      'a1.send "back"',
      'c1.recv 100',
    ]);
    const sent = bytesIn(entries, 'c1', 'sent');
    expect(sent).toEqual(whole);
    expect(sent.data.toString('hex')).toBe(hex);
    expect(bytesIn(entries, 'a1', 'received')).toEqual(sent);
    expect(bytesIn(entries, 'c1', 'received').data.toString()).toBe('back');
    expect(bytesIn(entries, 's1', 'received').data).toHaveLength(0);
  });

  test('are what left the buffer of a file object, and what came out of one', async () => {
    const { entries } = await sessionOf([
      ...connection,
      'f1 = c1.makefile "rwb"',
      'f1.write "held "',
      'f1.write "back\\n"',
      'f2 = a1.makefile "rwb"',
      'f1.flush',
      'f2.readline',
      'f1.write "never sent"',
    ]);
    expect(bytesIn(entries, 'c1', 'sent').data.toString()).toBe('held back\n');
    expect(bytesIn(entries, 'a1', 'received').data.toString()).toBe('held back\n');
  });

  test('are a repeat written out, and of what was dropped only their number', async () => {
    const { entries } = await sessionOf([...connection, 'c1.sendall 100000 of "abc"', 'a1.recv 200']);
    expect(bytesIn(entries, 'c1', 'sent').data.toString()).toBe('abc'.repeat(33_334).slice(0, 100_000));
    const dropped = entries.map((entry): Entry => {
      if (entry.kind !== 'ended' || entry.outcome.kind !== 'data') return entry;
      return { ...entry, outcome: { ...entry.outcome, data: new Uint8Array(), dropped: 200 } };
    });
    expect(bytesIn(dropped, 'a1', 'received')).toEqual({ data: Buffer.alloc(0), gone: 200 });
  });
});

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../source/core/calls/call.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { exportFormats, streamedFormats } from '../../source/formats/export-formats.ts';
import { decodeEntry, encodeEntry, encodeHeader } from '../../source/formats/session/jsonl.ts';
import { type Bare, longEntry } from '../../source/formats/session/long-line.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { upgradeFrom } from '../../source/formats/session/upgrade.ts';
import { at } from '../support/entries.ts';
import { connected, header } from './by-hand.ts';
import { opened } from './opened.ts';

afterEach(() => void vi.restoreAllMocks());

const bytesOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index * 37);

const sending = (data: Uint8Array): Call => ({
  name: 'send',
  on: 'c1',
  data: { kind: 'literal', data, notation: 'text' },
});

/** Entries that hold these bytes, each in another place. */
const holding = (data: Uint8Array): readonly Entry[] => {
  const book = connected();
  const { length } = book.entries;
  book.queued(sending(data));
  book.running(sending(data), 5.25)({ kind: 'error', code: 'ECONNRESET', count: 3 });
  book.ended({ ...sending(data), name: 'sendto', address: at(9) } as Call, { kind: 'count', count: 5 });
  book.ended({ name: 'recvfrom', on: 'c1', size: 9 }, { kind: 'data', data, from: at(9), dropped: 4 });
  return book.entries.slice(length);
};

const today = upgradeFrom(header.sockbench);

/** Bytes that go on before and behind the line are none of its own. */
const readLong = (line: string, bare?: Bare): Entry | null => {
  const bytes = Buffer.from(line);
  const around = Buffer.concat([Buffer.from('"base64'), bytes, Buffer.from('AAAA"}')]);
  return longEntry({ bytes: around, from: 7, to: 7 + bytes.length }, today, bare);
};

const byJson = (line: string): Entry | null => {
  try {
    return decodeEntry(line);
  } catch {
    return null;
  }
};

/** Compared as text: an equality of many thousand numbers takes long. */
const same = (one: Entry | null, other: Entry | null): boolean =>
  (one && encodeEntry(one)) === (other && encodeEntry(other)) &&
  Object.keys(one!).join() === Object.keys(other!).join();

const anySize = fc.integer({ min: 4097, max: 9000 });

describe('a line with a long payload', () => {
  it('is what JSON reads, wherever the payload is', () => {
    fc.assert(
      fc.property(anySize, size => {
        for (const entry of holding(bytesOf(size))) {
          const line = encodeEntry(entry);
          expect(same(readLong(line), byJson(line)), entry.kind).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is never another than JSON reads, where it is spoiled', () => {
    const spoils = ['-', '_', '=', ' ', '.', '\\n', '\\u0041', 'é', '"', '\\"', '\\', '', '\0'];
    const whats = [fc.nat(), fc.constantFrom(...spoils), fc.nat(2)] as const;
    fc.assert(
      fc.property(anySize, fc.nat(4), ...whats, (size, which, place, spoil, taken) => {
        const line = encodeEntry(holding(bytesOf(size))[which]!);
        const from = place % line.length;
        const spoiled = line.slice(0, from) + spoil + line.slice(from + taken);
        const long = readLong(spoiled);
        if (long) expect(same(long, byJson(spoiled)), `${from} ${spoil} ${taken}`).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is taken for none where what looks like a payload is part of a name or a note', () => {
    const entry = connected().add({ kind: 'note', t: 2, level: 'info', text: `base64"${'A'.repeat(8000)}"` });
    expect(readLong(encodeEntry(entry))).toBeNull();
    const received = holding(bytesOf(6000)).at(-1)!;
    const twice = encodeEntry(received).replace('"outcome":', '"outcome":{"kind":"none"},"outcome":');
    expect(same(readLong(twice), byJson(twice))).toBe(true);
    const last = `${encodeEntry(received).slice(0, -1)},"outcome":{"kind":"none"}}`;
    expect(byJson(last)).toMatchObject({ outcome: { kind: 'none' } });
    expect(readLong(last)).toBeNull();
  });

  it('has as many zeros where its bytes are not asked for', () => {
    for (const size of [4097, 5000, 70_001]) {
      const [sent, received] = holding(bytesOf(size)).slice(-2).map(encodeEntry);
      const data = new Uint8Array(size);
      expect(readLong(received!, 'received')).toMatchObject({ outcome: { data } });
      expect(readLong(sent!, 'moved')).toMatchObject({ call: { data: { data } } });
      expect(same(readLong(sent!, 'received'), byJson(sent!))).toBe(true);
    }
  });

  it('may be longer than a line of a lab: what was sent from a file of 13 MB is read again', () => {
    const size = 13_000_000;
    const book = connected();
    book.ended(sending(bytesOf(size)), { kind: 'count', count: size });
    const read = readSession(
      Buffer.from([encodeHeader(header), ...book.entries.map(encodeEntry)].join('\n')),
      'x',
    );
    if (!read.ok) throw new Error(read.message);
    expect(read.session.entries.at(-1)).toMatchObject({ outcome: { count: size } });
    expect(exportFormats.strace(read.session).ok).toBe(true);
  });
});

describe('an export of long payloads', () => {
  it.each(['jsonl', 'strace', 'pcapng'] as const)(
    'reads each at most once a pass, not once a packet: %s',
    format => {
      const size = 1_000_000;
      const book = connected();
      for (let round = 0; round < 5; round++) {
        book.ended(sending(bytesOf(size)), { kind: 'count', count: size });
        book.ended({ name: 'recv', on: 'c1', size }, { kind: 'data', data: bytesOf(size) });
      }
      const data = Buffer.from([encodeHeader(header), ...book.entries.map(encodeEntry)].join('\n'));
      const parsed = vi.spyOn(JSON, 'parse');
      opened(data, fd => {
        const read = streamedFormats[format]!({ fd, size: data.length, name: 'x' });
        if (!read?.ok) throw new Error('it is a session');
        for (const piece of read.pieces) expect(piece.length).toBeGreaterThan(0);
      });
      const lengths = parsed.mock.calls.map(([text]) => text.length);
      expect(lengths.length).toBeLessThanOrEqual(3 * (book.entries.length + 1));
      expect(Math.max(...lengths)).toBeLessThan(10_000);
    },
  );

  it('of programs that were looked at reads the file no more often than one without', () => {
    const book = connected();
    const process = { pid: 4242, name: 'nc', args: [], parent: '', origin: 'found', traced: false } as const;
    book.add({ kind: 'process', t: 2, actor: 'p1', ...process });
    const call: Call = { name: 'recv', on: 'p1.4', size: 9 };
    const about = {
      id: 99,
      actor: 'p1',
      call,
      thread: 'p1/4242',
      queuedAt: 9,
      inside: 0,
      looped: false,
    } as const;
    book.add({ kind: 'running', t: 2, ...about, startedAt: 2, deadline: null });
    book.recv('c1', 'hi');
    const lines = [encodeHeader(header), ...book.entries.map(encodeEntry)];
    const data = Buffer.from(lines.join('\n'));
    const parsed = vi.spyOn(JSON, 'parse');
    opened(data, fd => {
      const read = streamedFormats.pcapng!({ fd, size: data.length, name: 'x' });
      if (!read?.ok) throw new Error(read?.message);
    });
    const notes = parsed.mock.calls.filter(([text]) => text.includes('"kind":"process"'));
    expect(notes.length).toBe(1);
  });
});

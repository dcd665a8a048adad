import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { decodeEntry, encodeEntry, stateToJson } from '../../source/formats/session/jsonl.ts';
import { state as stateFromJson } from '../../source/formats/session/state-schema.ts';
import { createPlaybook, text } from '../support/entries.ts';
import { anyEntry, anyState } from './entries.ts';

describe('an entry as a line of JSON', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyEntry, entry => {
        const line = encodeEntry(entry);
        expect(line).not.toContain('\n');
        expect(decodeEntry(line)).toEqual(entry);
      }),
      { numRuns: 500 },
    );
  });

  it('has microseconds and no kind of the usual addresses, whatever ended and however', () => {
    /** What is otherwise below a value of it, but what an option was asked for. */
    const wrong = (value: unknown): unknown[] => {
      if (typeof value === 'number') return Math.round(value * 1000) / 1000 === value ? [] : [value];
      if (typeof value !== 'object' || value === null) return [];
      const below = Object.entries(value).flatMap(([key, under]) => (key === 'number' ? [] : wrong(under)));
      return 'kind' in value && value.kind === 'inet' ? [value, ...below] : below;
    };
    const ended = anyEntry.filter(entry => entry.kind === 'ended');
    fc.assert(
      fc.property(ended, fc.boolean(), fc.boolean(), (entry, isCancelled, isBare) => {
        const { sender: _, afterwards: __, ...bare } = entry;
        const [t, queuedAt] = [entry.t + 1 / 3, entry.queuedAt + 1 / 7];
        const startedAt = isCancelled ? null : queuedAt;
        const line = encodeEntry({ ...(isBare ? bare : entry), t, queuedAt, startedAt });
        expect(wrong(JSON.parse(line))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('comes back with a payload of any length, sent or received', () => {
    const bytesOf = (length: number, unit: readonly number[] | Uint8Array) =>
      new Uint8Array(Buffer.alloc(length, Uint8Array.from(unit)));
    const lengths = fc.constantFrom(4095, 4096, 4097, 5000, 70_000);
    const units = fc.uint8Array({ minLength: 1, maxLength: 9 });
    const long = fc.tuple(lengths, units).map(([length, unit]) => bytesOf(length, unit));
    fc.assert(
      fc.property(long, fc.boolean(), (data, sent) => {
        const book = createPlaybook();
        const entry = sent
          ? book.ended(
              { name: 'sendall', on: 'c1', data: { kind: 'literal', data, notation: 'text' } },
              { kind: 'none' },
            )
          : book.ended({ name: 'recv', on: 'c1', size: 131_072 }, { kind: 'data', data });
        const line = encodeEntry(entry);
        expect(line).not.toContain('\n');
        // toEqual takes seconds for megabytes.
        expect(isDeepStrictEqual(decodeEntry(line), entry)).toBe(true);
        expect(line.length).toBeLessThan(data.length < 4097 ? 7 * data.length : 1.5 * data.length + 500);
      }),
      { numRuns: 60, examples: [[bytesOf(12_000_001, [7, 255]), true]] },
    );
  });

  it('comes back with a long payload behind an abstract name, which begins with a NUL', () => {
    const book = createPlaybook();
    const data = new Uint8Array(5_000).fill(7);
    const entry = book.ended(
      { name: 'recvfrom', on: 'u1', size: 65_536 },
      { kind: 'data', from: { kind: 'unix', path: '\0base64' }, data },
    );
    expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
  });

  it('keeps text readable and other bytes whole', () => {
    const book = createPlaybook();
    const readable = book.ended(
      { name: 'recv', on: 'c1', size: 9 },
      { kind: 'data', data: text('GET /\r\n') },
    );
    const binary = book.ended(
      { name: 'recv', on: 'c1', size: 9 },
      { kind: 'data', data: Uint8Array.of(0xff, 0) },
    );
    expect(JSON.parse(encodeEntry(readable)).outcome.data).toEqual({ text: 'GET /\r\n' });
    expect(JSON.parse(encodeEntry(binary)).outcome.data).toEqual({ base64: '/wA=' });
  });

  it('keeps the bytes of a file that was sent, not where it lay', () => {
    const book = createPlaybook();
    const data = { kind: 'file', path: '/tmp/letter', data: text('dear') } as const;
    const entry = book.ended({ name: 'send', on: 'c1', data }, { kind: 'count', count: 4 });
    const line = encodeEntry(entry);
    expect(line).not.toContain('letter');
    expect((decodeEntry(line) as EndedEntry).call).toEqual({
      name: 'send',
      on: 'c1',
      data: { kind: 'literal', data: text('dear'), notation: 'text' },
    });
  });

  it('rounds times to the microsecond', () => {
    const book = createPlaybook();
    const entry = { ...book.add({ kind: 'note', t: 1.23456789, level: 'info', text: 'x' }) };
    expect(decodeEntry(encodeEntry(entry)).t).toBe(1.235);
  });

  it('refuses what is no entry with a sentence', () => {
    expect(() => decodeEntry('{"n":1,"t":0}')).toThrow('missing');
    expect(() => decodeEntry('{"n":1,"t":0,"kind":"dance"}')).toThrow(
      '"dance" is no entry that this version knows',
    );
    expect(() => decodeEntry('{"n":1,"t":0,"kind":"queued","id":1,"call":"c1.fly"}')).toThrow('fly');
  });
});

describe("a checkpoint's state in JSON", () => {
  it('comes back as it was, maps in their order', () => {
    fc.assert(
      fc.property(anyState, state => {
        const back = stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))));
        expect(back).toEqual(state);
        expect([...back.sockets.keys()]).toEqual([...state.sockets.keys()]);
      }),
      { numRuns: 60 },
    );
  });
});

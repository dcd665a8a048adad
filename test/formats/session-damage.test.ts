import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { at, createPlaybook, literal, text } from '../support/entries.ts';

const book = createPlaybook();
book.ended({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' }, { kind: 'made', name: 'c1' });
book.ended(
  { name: 'connect', on: 'c1', address: at(9000) },
  { kind: 'none', local: at(40000), peer: at(9000) },
);
book.ended({ name: 'send', on: 'c1', data: literal('a\u00e9\n') }, { kind: 'count', count: 4 });
book.ended({ name: 'recv', on: 'c1', size: 10 }, { kind: 'data', data: Uint8Array.of(0, 255) });

const header = headerOf(Date.parse('2026-01-02T03:04:05.678Z'));
const lines = [encodeHeader(header), ...book.entries.map(encodeEntry)];
const fileOf = (written: readonly string[]): Uint8Array => text(`${written.join('\n')}\n`);

const messageOf = (data: Uint8Array): string => {
  const read = readSession(data, 'x.jsonl');
  return read.ok ? 'read' : read.message;
};

describe('a session file, damaged', () => {
  it('is read up to its last whole line wherever it was cut off', () => {
    const whole = fileOf(lines);
    const headed = text(`${lines[0]}\n`).length;
    const ends = lines.map((_, index) => fileOf(lines.slice(0, index + 1)).length);
    fc.assert(
      fc.property(fc.integer({ min: headed, max: whole.length }), length => {
        const read = readSession(whole.subarray(0, length), 'x.jsonl');
        if (!read.ok) throw new Error(read.message);
        // A last line that lacks nothing but its newline is whole.
        const isWhole = ends.includes(length) || ends.includes(length + 1);
        const complete = ends.filter(end => end <= length + 1).length - 1;
        expect(read.session.entries.map(({ n }) => n)).toEqual([1, 2, 3, 4].slice(0, complete));
        expect(read.session.cut).toBe(!isWhole);
      }),
    );
  });

  it('is a session or a sentence where one of its bytes was changed', () => {
    const whole = fileOf(lines);
    const position = fc.nat({ max: whole.length - 1 });
    fc.assert(
      fc.property(position, fc.integer({ min: 0, max: 255 }), (where, byte) => {
        const damaged = Uint8Array.from(whole);
        damaged[where] = byte;
        expect(messageOf(damaged)).toMatch(/^(read$|x\.jsonl( line \d+)?: )/);
      }),
      { numRuns: 1000 },
    );
  });

  it('is no session where it is junk', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), junk => {
        expect(messageOf(junk)).toMatch(/^x\.jsonl: this/);
      }),
    );
  });

  it('is refused where it does not say when it began', () => {
    expect(messageOf(fileOf([encodeHeader({ ...header, began: 'once' }), ...lines.slice(1)]))).toBe(
      'x.jsonl line 1: began: "once" is not when the session began, such as 2026-01-02T03:04:05.678Z',
    );
  });
});

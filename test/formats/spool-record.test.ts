import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { RecordReader, RecordWriter } from '../../source/formats/spool-record.ts';
import { createPlaybook } from '../support/entries.ts';
import { anyEntry } from './entries.ts';

const stripped = (entry: EndedEntry): EndedEntry => {
  const { outcome } = entry;
  return outcome.kind === 'data'
    ? { ...entry, outcome: { ...outcome, data: new Uint8Array(0), dropped: 7 } }
    : entry;
};

test('any call that ended comes back as it was, or is not written', () => {
  const ended = anyEntry.filter(entry => entry.kind === 'ended').map(stripped);
  fc.assert(
    fc.property(fc.array(ended, { minLength: 1, maxLength: 20 }), entries => {
      const [writer, reader] = [new RecordWriter(), new RecordReader()];
      // Some come twice, as what loops do does.
      for (const entry of [...entries, ...entries]) {
        const record = writer.write(entry);
        if (record) expect(reader.read(Buffer.from(record))).toEqual(entry);
      }
    }),
    { numRuns: 300 },
  );
});

/** What floods are made of: the same call again and again, by few, from few or from many. */
const flood = (count: number, from: (n: number) => number): EndedEntry[] => {
  const book = createPlaybook();
  const call = { name: 'recvfrom', on: 'u1', size: 65_536 } as const;
  for (let n = 0; n < count; n++) {
    book.ended(call, { kind: 'data', data: new Uint8Array(0), dropped: 64, from: inet('::1', from(n)) });
    if (n % 3 === 0)
      book.ended(
        { name: 'send', on: 'c1', data: { kind: 'dropped', size: 1 + (n % 9) } },
        { kind: 'count', count: 1 + (n % 9) },
      );
  }
  return book.entries as EndedEntry[];
};

test('each of a flood is written, none longer than numbers once its words are known', () => {
  const writer = new RecordWriter();
  const sizes = flood(1_000, () => 4_000).map(entry => writer.write(entry)!.length);
  expect(Math.max(...sizes.slice(-1_000))).toBe(114);
});

test('more words than are kept are forgotten by both, and come back', () => {
  const [writer, reader] = [new RecordWriter(), new RecordReader()];
  for (const entry of flood(7_000, n => 1 + ((n * 7) % 5_000)))
    expect(reader.read(Buffer.from(writer.write(entry)!))).toEqual(entry);
});

test('a call longer than a word is not written, and changes nothing for those after it', () => {
  const [writer, reader] = [new RecordWriter(), new RecordReader()];
  const book = createPlaybook();
  book.ended({ name: 'bind', on: 'u1', address: { kind: 'unix', path: 'p'.repeat(2_000) } });
  const [long] = book.entries as EndedEntry[];
  for (const entry of flood(5, () => 1)) {
    expect(writer.write(long!)).toBeNull();
    expect(reader.read(Buffer.from(writer.write(entry)!))).toEqual(entry);
  }
});

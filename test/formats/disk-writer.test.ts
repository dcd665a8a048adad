import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Disk } from '../../source/formats/disk-parts.ts';
import { DiskWriter } from '../../source/formats/disk-writer.ts';

/** A disk that takes of each write no more than the next of these numbers says, and then all; 0: it is full. */
const stingyDisk = (takes: readonly number[]) => {
  const got: Buffer[] = [];
  let writes = 0;
  const disk: Disk = {
    writev: async parts => {
      const most = takes[writes++] ?? Number.POSITIVE_INFINITY;
      if (most === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const bytes = Buffer.concat(parts).subarray(0, most);
      got.push(bytes);
      return { bytesWritten: bytes.length };
    },
    close: async () => {},
  };
  return { disk, contents: () => Buffer.concat(got) };
};

const mebibyte = 1024 ** 2;

const writerTo = (disk: Disk, eager: boolean, failures: unknown[] = []) =>
  new DiskWriter({
    open: async () => disk,
    failed: error => failures.push(error.code),
    mostWaiting: 4 * mebibyte,
    eager,
  });

/** Pieces as they come: bytes, copied or lent, text and base64, short ones and ones longer than a chunk. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 50 }).map(bytes => ({ kind: 'bytes', bytes }) as const),
  fc
    .nat(3 * mebibyte)
    .map(size => ({ kind: 'bytes', bytes: new Uint8Array(size).fill(size % 251) }) as const),
  fc.nat(2 * mebibyte).map(size => ({ kind: 'lent', bytes: new Uint8Array(size).fill(size % 241) }) as const),
  fc.string({ unit: 'grapheme', maxLength: 50 }).map(text => ({ kind: 'text', text }) as const),
  fc.nat(2 * mebibyte).map(size => ({ kind: 'base64', bytes: Buffer.alloc(size, 'abcdefg') }) as const),
);

test('whatever the disk takes at a time, it gets every byte once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 2 * mebibyte }), { maxLength: 20 }),
      fc.boolean(),
      async (pieces, takes, eager) => {
        const { disk, contents } = stingyDisk(takes);
        const writer = writerTo(disk, eager);
        const wanted = Buffer.concat(
          pieces.map(one => {
            if (one.kind === 'base64') return Buffer.from(one.bytes.toString('base64'));
            return Buffer.from(one.kind === 'text' ? one.text : one.bytes);
          }),
        );
        const back: unknown[] = [];
        for (const one of pieces) {
          if (one.kind === 'bytes') writer.append(one.bytes);
          else if (one.kind === 'lent') writer.lend(one.bytes, bytes => back.push(bytes.fill(255)));
          else if (one.kind === 'text') writer.appendText(one.text);
          else writer.appendBase64(one.bytes);
          writer.appended();
        }
        expect(await writer.settled()).toBe(true);
        await writer.close();
        expect(contents().equals(wanted)).toBe(true);
        const lent = pieces.filter(one => one.kind === 'lent');
        expect(back.map(bytes => lent.findIndex(one => one.bytes === bytes))).toEqual([...lent.keys()]);
        expect([writer.written(), writer.waiting()]).toEqual([wanted.length, 0]);
      },
    ),
    { numRuns: 40 },
  );
});

test('memory that is written again after it was appended changes nothing', async () => {
  const { disk, contents } = stingyDisk([]);
  const writer = writerTo(disk, false);
  const bytes = Buffer.from('as it was');
  writer.append(bytes);
  bytes.fill(0);
  await writer.settled();
  expect(contents().toString()).toBe('as it was');
});

test('what a disk did not take is given back all the same, once', async () => {
  const { disk } = stingyDisk([5, 0]);
  const writer = writerTo(disk, false);
  const lent: Uint8Array[] = [2 * mebibyte, 1, 100, 1].map(size => new Uint8Array(size));
  const back: Uint8Array[] = [];
  for (const bytes of lent.slice(0, 3)) writer.lend(bytes, given => back.push(given));
  expect(back).toEqual([]);
  expect(await writer.settled()).toBe(false);
  writer.lend(lent[3]!, given => back.push(given));
  expect(back.map(bytes => lent.indexOf(bytes))).toEqual([0, 1, 2, 3]);
});

test('a disk that is full in the middle is told once, and whoever waits goes on', async () => {
  const { disk, contents } = stingyDisk([5, 0]);
  const failures: unknown[] = [];
  const writer = writerTo(disk, false, failures);
  writer.append(new Uint8Array(5 * mebibyte));
  expect(writer.hasRoom()).toBe(false);
  const { promise: room, resolve } = Promise.withResolvers<void>();
  writer.onRoom(resolve);
  await room;
  writer.append(new Uint8Array(3));
  expect(await writer.settled()).toBe(false);
  expect(failures).toEqual(['ENOSPC']);
  expect(contents()).toHaveLength(5);
  expect(writer.hasRoom()).toBe(true);
});

test('what waited for a slow disk is memory that the next fills again, until less is wanted', async () => {
  let used = new Set<ArrayBufferLike>();
  const disk: Disk = {
    writev: async parts => {
      for (const part of parts) used.add(part.buffer);
      return { bytesWritten: parts.reduce((sum, { length }) => sum + length, 0) };
    },
    close: async () => {},
  };
  const writer = new DiskWriter({
    open: async () => disk,
    failed: () => {},
    mostWaiting: 32 * mebibyte,
    eager: false,
  });
  /** The memory of so many MiB, none of which the disk takes before all have come. */
  const memoryOf = async (size: number) => {
    used = new Set();
    for (let n = 0; n < size; n++) writer.append(new Uint8Array(mebibyte));
    await writer.settled();
    return used;
  };
  const first = await memoryOf(32);
  const isNew = (memory: ArrayBufferLike) => !first.has(memory);
  expect([...(await memoryOf(32))].filter(isNew).length).toBeLessThan(4);
  for (let n = 0; n < 40; n++) await memoryOf(1);
  expect([...(await memoryOf(32))].filter(isNew).length).toBeGreaterThan(12);
});

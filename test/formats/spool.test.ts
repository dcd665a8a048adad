import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal } from '../../source/core/model/journal.ts';
import { bytesOfCall } from '../../source/formats/socket-bytes.ts';
import { createSpool, type DiskSpool, type SpoolState } from '../../source/formats/spool.ts';
import { createPlaybook } from '../support/entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));

let told: SpoolState[];
let files = 0;
beforeEach(() => {
  told = [];
});

const newSpool = (cap?: number, disk?: () => Promise<FileHandle>): DiskSpool =>
  createSpool({
    open: disk ?? (() => open(join(folder, String(++files)), 'wx+', 0o600)),
    told: state => told.push(state),
    ...(cap !== undefined && { cap }),
  });

/** The journal holds `bytes`; its memory is written again once the spool has heard of it. */
const keeping = (spool: DiskSpool, entries: readonly Entry[], caps = { entries: 1_000, bytes: 0 }): void => {
  const journal = createJournal(caps, (entry, received, sent) => {
    spool.keep(entry(), received, sent);
    received.fill(0);
    sent.fill(0);
  });
  for (const entry of entries) journal.append(entry);
};

const all = async (spool: DiskSpool): Promise<Entry[]> => {
  const read = spool.read();
  const entries: Entry[] = [];
  for (let some = await read(); some.length > 0; some = await read()) entries.push(...some);
  return entries;
};

const carried = (entries: readonly Entry[]): string[] =>
  entries.map(entry =>
    entry.kind !== 'ended'
      ? entry.kind
      : `${entry.n} ${entry.call.name} ${bytesOfCall(entry)
          .map(({ bytes, start, length }) =>
            bytes.kind === 'literal'
              ? new TextDecoder().decode(bytes.data.subarray(start, start + length))
              : `${bytes.kind} ${length}`,
          )
          .join('')}`,
  );

test('it has, in order, what the journal has let go of: bytes as they were sent and received', async () => {
  const book = createPlaybook();
  book.socket('c1');
  book.send('c1', 'ping\0');
  book.recv('c1', '中 pong');
  const spool = newSpool();
  keeping(spool, book.entries);
  expect(carried(await all(spool))).toEqual(['1 socket ', '2 send ping\0', '3 recv 中 pong']);
  expect(told).toEqual(['open']);
  await spool.close();
});

test('what falls out of the journal by the number of entries is kept as well', async () => {
  const book = createPlaybook();
  for (const word of ['a', 'b', 'c', 'd']) book.recv('c1', word);
  const spool = newSpool();
  keeping(spool, book.entries, { entries: 2, bytes: 1_000 });
  expect(carried(await all(spool))).toEqual(['1 recv a', '2 recv b']);
  await spool.close();
});

test('records that are longer than what is written or read at once come back whole, between short ones', async () => {
  const book = createPlaybook();
  const long = 'x'.repeat(9 * 1024 ** 2);
  for (const word of ['a', long, 'b', long, 'c']) book.recv('c1', word);
  const spool = newSpool();
  keeping(spool, book.entries);
  expect(carried(await all(spool))).toEqual(
    ['a', long, 'b', long, 'c'].map((word, i) => `${i + 1} recv ${word}`),
  );
  await spool.close();
});

test('a payload that may be written from where it is is not copied, and freed once, when it is on the disk', async () => {
  const book = createPlaybook();
  const words = ['short', 'x'.repeat(100_000), 'y'.repeat(2 * 1024 ** 2), 'short again'];
  for (const word of words) book.recv('c1', word);
  const spool = newSpool();
  const freed: number[] = [];
  const journal = createJournal({ entries: 1_000, bytes: 0 }, (entry, received, sent) =>
    spool.keep(entry(), received, sent, data => {
      freed.push(data.length);
      data.fill(0);
    }),
  );
  for (const entry of book.entries) journal.append(entry);
  // Short ones were copied.
  expect(freed).toEqual([5, 11]);
  expect(carried(await all(spool))).toEqual(words.map((word, i) => `${i + 1} recv ${word}`));
  expect(freed).toEqual([5, 11, 100_000, 2 * 1024 ** 2]);
  await spool.close();
});

test('a payload is freed at once where the spool takes no more', async () => {
  const book = createPlaybook();
  for (let i = 0; i < 3; i++) book.recv('c1', 'x'.repeat(100_000));
  const spool = newSpool(250_000);
  let freed = 0;
  const journal = createJournal({ entries: 1_000, bytes: 0 }, (entry, received, sent) =>
    spool.keep(entry(), received, sent, () => freed++),
  );
  for (const entry of book.entries.slice(0, 2)) journal.append(entry);
  expect(freed).toBe(0);
  journal.append(book.entries[2]!);
  expect([spool.state(), freed]).toEqual(['full', 1]);
  await all(spool);
  expect(freed).toBe(3);
  await spool.close();
});

test('a reader that has seen its end goes on with what came since', async () => {
  const book = createPlaybook();
  for (const word of ['a', 'b']) book.recv('c1', word);
  const [first, second] = book.entries;
  const spool = newSpool();
  const journal = createJournal({ entries: 1_000, bytes: 0 }, (entry, received, sent) =>
    spool.keep(entry(), received, sent),
  );
  journal.append(first!);
  const read = spool.read();
  expect(carried(await read())).toEqual(['1 recv a']);
  expect(await read()).toEqual([]);
  journal.append(second!);
  expect(carried(await read())).toEqual(['2 recv b']);
  await spool.close();
});

test('at its cap it takes no more, says so once, and has what came before', async () => {
  const book = createPlaybook();
  for (let i = 0; i < 5; i++) book.recv('c1', 'x'.repeat(1_000));
  const spool = newSpool(3_000);
  keeping(spool, book.entries);
  expect(told).toEqual(['open', 'full']);
  expect([spool.state(), spool.last()]).toEqual(['full', 2]);
  expect(await all(spool)).toHaveLength(2);
  await spool.close();
});

test('a disk that takes nothing ends it: it says why, and holds nobody up', async () => {
  const book = createPlaybook();
  for (let i = 0; i < 20; i++)
    book.ended({ name: 'recv', on: 'c1', size: 1 }, { kind: 'data', data: new Uint8Array(1024 ** 2) });
  const full: NodeJS.ErrnoException = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  const spool = newSpool(undefined, () => Promise.reject(full));
  keeping(spool, book.entries);
  expect(spool.hasRoom()).toBe(false);
  await new Promise<void>(resolve => spool.onRoom(resolve));
  expect(spool.hasRoom()).toBe(true);
  expect(told).toEqual(['open', full]);
  expect(await all(spool)).toEqual([]);
  await spool.close();
});

test('nothing is made where nothing is let go of', async () => {
  let opened = 0;
  const spool = newSpool(undefined, () => Promise.reject(new Error(String(++opened))));
  const book = createPlaybook();
  book.recv('c1', 'a');
  keeping(spool, book.entries, { entries: 10, bytes: 10 });
  expect(await all(spool)).toEqual([]);
  await spool.close();
  expect([opened, told]).toEqual([0, []]);
});

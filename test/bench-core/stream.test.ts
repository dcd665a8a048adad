import { expect, test } from 'vitest';
import { createStreams, type Stream } from '../../source/bench/view/streams.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal, defaultCaps } from '../../source/core/model/journal.ts';
import { at, createPlaybook, literal, playConnection, stateOf } from '../support/entries.ts';

/** A journal of the book's entries, chained as the fold chains them. */
const journalOf = (book: { readonly entries: readonly Entry[] }, caps = defaultCaps) => {
  const state = stateOf(book);
  const journal = createJournal(caps, (_, received, sent) => {
    received.fill(0);
    sent.fill(0);
  });
  for (const entry of book.entries) journal.append(entry);
  return { journal, socket: (name: string) => state.sockets.get(name)! };
};

const words = ({ chunks }: Stream): string[] =>
  chunks.map(({ out, data, note }) =>
    `${out ? '>' : '<'} ${new TextDecoder().decode(data())} ${note}`.trim(),
  );

test('both directions in their order, and how they end', () => {
  const { book } = playConnection();
  book.send('c1', 'ping');
  book.recv('c1', 'pong');
  book.ended({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
  book.recv('c1', '');
  const { journal, socket } = journalOf(book);
  const stream = createStreams(journal)(socket('c1'));
  expect(words(stream)).toEqual([
    '> ping',
    '< pong',
    '>  half-closed: this side sends no more',
    '<  EOF: the peer sends no more',
  ]);
  expect(stream.cut).toBe(false);
});

test('what a file object was given and has not sent is there, and says so', () => {
  const { book } = playConnection();
  book.ended({ name: 'makefile', on: 'c1', mode: 'wb' }, { kind: 'made', name: 'f1' });
  book.ended({ name: 'write', on: 'f1', data: literal('held') }, { kind: 'count', count: 4 });
  book.ended({ name: 'write', on: 'f1', data: literal('gone') }, { kind: 'count', count: 4, passed: 8 });
  const { journal, socket } = journalOf(book);
  expect(words(createStreams(journal)(socket('c1')))).toEqual(['> held in f1 until it is flushed', '> gone']);
});

test("an accepted socket's history is whole, however long its listener's is", () => {
  const book = createPlaybook();
  book.socket('s1');
  for (let i = 0; i < 2100; i++) book.ended({ name: 'getsockname', on: 's1' });
  book.ended({ name: 'accept', on: 's1' }, { kind: 'made', name: 'a1', local: at(9000), peer: at(4000) });
  book.send('a1', 'hi');
  const { journal, socket } = journalOf(book, { ...defaultCaps, entries: 1000 });
  expect(createStreams(journal)(socket('a1'))).toMatchObject({ cut: false, chunks: [{ total: 2 }] });
});

test('bytes that the journal lets go of are not held on to: their memory is used again', () => {
  const { book } = playConnection();
  for (const value of ['first', 'secnd', 'third']) book.recv('c1', value);
  const { journal, socket } = journalOf(book, { entries: 100, bytes: 15 });
  const stream = createStreams(journal)(socket('c1'));
  expect(words(stream)).toEqual(['< first', '< secnd', '< third']);
  journal.append(book.recv('c1', 'forth'));
  expect(words(stream)).toEqual(['<', '< secnd', '< third']);
  expect(stream.chunks[0]).toMatchObject({ total: 5 });
});

test('of a fast stream no more is shown than can be drawn, and only what is new is walked', () => {
  const { book } = playConnection();
  const flood = () => {
    for (let i = 0; i < 100; i++)
      book.ended({ name: 'recv', on: 'c1', size: 65_536 }, { kind: 'data', data: new Uint8Array(65_536) });
  };
  flood();
  const { journal, socket } = journalOf(book);
  const streams = createStreams(journal);
  const shown = ({ chunks }: Stream) => chunks.reduce((sum, { data }) => sum + data().length, 0);
  const first = streams(socket('c1'));
  expect(shown(first)).toBe(256 * 1024);
  expect(first.cut).toBe(true);
  expect(streams(socket('c1'))).toBe(first);

  const before = book.entries.length;
  book.send('c1', 'x');
  const { last } = stateOf(book).sockets.get('c1')!;
  for (const entry of book.entries.slice(before)) journal.append(entry);
  const second = streams({ name: 'c1', last });
  expect(second.chunks.at(-1)).toMatchObject({ out: true, total: 1 });
  expect(second.chunks.at(-2)).toBe(first.chunks.at(-1));
});

test('where the time goes back, as in a replay, what came later is gone', () => {
  const { book } = playConnection();
  const first = book.recv('c1', 'one');
  book.recv('c1', 'two');
  const { journal, socket } = journalOf(book);
  const streams = createStreams(journal);
  expect(words(streams(socket('c1')))).toEqual(['< one', '< two']);
  expect(words(streams({ name: 'c1', last: first.n }))).toEqual(['< one']);
});

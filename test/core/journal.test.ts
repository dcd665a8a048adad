import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { formatCall, parseCall } from '../../source/core/language/line.ts';
import { createJournal } from '../../source/core/model/journal.ts';
import { createPlaybook, literal, text } from '../support/entries.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const received = (count: number, bytes: string) => {
  const book = createPlaybook();
  for (let i = 0; i < count; i++) {
    book.ended({ name: 'recv', on: 'c1', size: 10 }, { kind: 'data', data: text(bytes) });
  }
  return book.entries;
};

describe('journal', () => {
  it('holds the newest entries under its cap and counts what it dropped', () => {
    const journal = createJournal({ entries: 3, bytes: 1000 });
    for (const entry of received(5, 'x')) journal.append(entry);
    expect([journal.first(), journal.last()]).toEqual([3, 5]);
    expect(journal.at(2)).toBeUndefined();
    expect(journal.at(6)).toBeUndefined();
    expect(journal.slice(1, 9).map(entry => entry.n)).toEqual([3, 4, 5]);
  });

  it('sheds the oldest payloads first and says how many bytes are gone', () => {
    const journal = createJournal({ entries: 10, bytes: 10 });
    for (const entry of received(4, '12345')) journal.append(entry);
    const sizes = journal.slice(1, 4).map(entry => entry.kind === 'ended' && entry.outcome);
    expect(sizes.map(outcome => outcome && outcome.kind === 'data' && outcome.data.length)).toEqual([
      0, 0, 5, 5,
    ]);
    expect(sizes[0]).toMatchObject({ dropped: 5 });
    expect(journal.droppedBytes()).toBe(10);
  });

  it('drops what was sent too, and leaves how many bytes it was', () => {
    const book = createPlaybook();
    for (let i = 0; i < 3; i++)
      book.ended({ name: 'send', on: 'c1', data: literal('12345') }, { kind: 'count', count: 5 });
    const journal = createJournal({ entries: 10, bytes: 10 });
    for (const entry of book.entries) journal.append(entry);
    const [first, second] = journal.slice(1, 2);
    expect(first).toMatchObject({ call: { data: { kind: 'dropped', size: 5 } } });
    expect(second).toMatchObject({ call: { data: { kind: 'literal' } } });
    expect(journal.droppedBytes()).toBe(5);
    if (first?.kind !== 'ended') throw new Error('no such entry');
    expect(parseCall(formatCall(first.call))).toEqual({ ok: true, value: first.call });
  });

  it('keeps the two caps apart: a whole journal of small payloads loses none', () => {
    const journal = createJournal({ entries: 2, bytes: 100 });
    for (const entry of received(50, '12345')) journal.append(entry);
    expect(journal.droppedBytes()).toBe(0);
    expect(journal.slice(1, 50).every(entry => entry.kind === 'ended' && entry.outcome.kind === 'data')).toBe(
      true,
    );
  });

  it('keeps no bytes of what it has forgotten, whatever has come in its place', async () => {
    const cap = 8;
    const journal = createJournal({ entries: cap, bytes: 1e9 });
    const gone = (() => {
      const book = createPlaybook();
      return Array.from({ length: cap }, () => {
        const data = new Uint8Array(9);
        journal.append(book.ended({ name: 'recv', on: 'c1', size: 10 }, { kind: 'data', data }));
        return new WeakRef(data);
      });
    })();
    for (let n = cap + 1; n <= 2 * cap; n++)
      journal.append({ kind: 'note', t: n, n, prev: 0, level: 'info', text: 'in its place' });
    // What a weak reference has been made for lives until the turn is over.
    await turn();
    gc();
    expect(gone.filter(one => one.deref() !== undefined)).toEqual([]);
  });
});

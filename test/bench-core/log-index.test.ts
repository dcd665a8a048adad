import { describe, expect, test } from 'vitest';
import { createLogIndex } from '../../source/bench/view/log-index.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal, type Journal } from '../../source/core/model/journal.ts';

/** A journal of notes; every tenth entry is a sample, which the log leaves out. */
const journalOf = (count: number, cap = 200_000): { journal: Journal; touched: () => number } => {
  const journal = createJournal({ entries: cap, bytes: 1024 });
  for (let n = 1; n <= count; n++) {
    const entry: Entry =
      n % 10 === 0
        ? { kind: 'sample', n, prev: 0, t: n, source: 'kernel', readAt: n, sockets: [], taken: [] }
        : { kind: 'note', n, prev: 0, t: n, level: 'info', text: n % 7 === 0 ? `seven ${n}` : `note ${n}` };
    journal.append(entry);
  }
  let touched = 0;
  const counting: Journal = {
    ...journal,
    at: n => {
      touched++;
      return journal.at(n);
    },
  };
  return { journal: counting, touched: () => touched };
};

const numbers = (entries: readonly Entry[]): number[] => entries.map(entry => entry.n);

describe('the log over the journal', () => {
  test('shows the newest entries without samples', () => {
    const index = createLogIndex(journalOf(25).journal);
    const window = index.window('', { clearedTo: 0, last: 25 }, null, 4);
    expect(numbers(window.entries)).toEqual([22, 23, 24, 25]);
    expect(numbers(index.window('', { clearedTo: 0, last: 25 }, 21, 4).entries)).toEqual([17, 18, 19, 21]);
  });

  test('fills the window from below where the start is near', () => {
    const index = createLogIndex(journalOf(25).journal);
    expect(numbers(index.window('', { clearedTo: 0, last: 25 }, 2, 4).entries)).toEqual([1, 2, 3, 4]);
    expect(numbers(index.window('', { clearedTo: 22, last: 25 }, null, 9).entries)).toEqual([23, 24, 25]);
  });

  test('touches no more entries than it shows, however long the journal', () => {
    const { journal, touched } = journalOf(100_000);
    const index = createLogIndex(journal);
    index.window('', { clearedTo: 0, last: 100_000 }, null, 13);
    expect(touched()).toBeLessThan(40);
  });

  test('leaves out what the caps took', () => {
    const index = createLogIndex(journalOf(50, 20).journal);
    expect(numbers(index.window('', { clearedTo: 0, last: 50 }, 1, 3).entries)).toEqual([31, 32, 33]);
  });

  test('filters: each entry is looked at once, in bounded portions, the newest first', () => {
    const { journal, touched } = journalOf(100_000);
    const index = createLogIndex(journal);
    const range = { clearedTo: 0, last: 100_000 };
    let window = index.window('seven', range, null, 3);
    expect(numbers(window.entries)).toEqual([99_981, 99_988, 99_995]);
    expect(window.behind).toBeGreaterThan(90_000);
    for (let turns = 0; window.behind > 0; turns++) {
      expect(turns).toBeLessThan(100);
      window = index.window('seven', range, null, 3);
    }
    expect(touched()).toBeLessThan(101_000);
    expect(numbers(index.window('seven', range, 1, 2).entries)).toEqual([7, 14]);
  });

  test('what a flood dropped before it was looked at is passed over, and is not behind', () => {
    const { journal, touched } = journalOf(300_000, 1000);
    const index = createLogIndex(journal);
    expect(index.window('seven', { clearedTo: 0, last: 10 }, null, 3)).toEqual({
      entries: [],
      repeats: [],
      calls: new Map(),
      matching: 0,
      behind: 0,
    });
    const window = index.window('seven', { clearedTo: 0, last: 300_000 }, null, 2);
    expect(numbers(window.entries)).toEqual([299_992, 299_999]);
    expect(window.behind).toBe(0);
    expect(touched()).toBeLessThan(3000);
  });

  test('where the time goes back, as in a replay, nothing is behind', () => {
    const index = createLogIndex(journalOf(60).journal);
    index.window('seven', { clearedTo: 0, last: 60 }, null, 9);
    const window = index.window('seven', { clearedTo: 0, last: 20 }, null, 9);
    expect(numbers(window.entries)).toEqual([7, 14]);
    expect(window.behind).toBe(0);
  });

  test('filters by words that must match and words that must not', () => {
    const index = createLogIndex(journalOf(60).journal);
    const range = { clearedTo: 0, last: 60 };
    expect(numbers(index.window('seven -14 -2', range, null, 9).entries)).toEqual([7, 35, 49, 56]);
    expect(index.window('nowhere', range, null, 9).entries).toEqual([]);
  });

  test('goes through the shown entries by rows', () => {
    const index = createLogIndex(journalOf(60).journal);
    const range = { clearedTo: 0, last: 60 };
    expect(index.step('', range, 9, 1)).toBe(11);
    expect(index.step('', range, 11, -1)).toBe(9);
    expect(index.step('', range, 59, 5)).toBe(59);
    expect(index.step('', range, 0, 1)).toBe(1);
    expect(index.step('seven', range, 14, 1)).toBe(21);
  });

  test('searches both ways and comes round', () => {
    const index = createLogIndex(journalOf(60).journal);
    const range = { clearedTo: 0, last: 60 };
    expect(index.search('seven', '', range, 60, -1)).toBe(56);
    expect(index.search('seven', '', range, 56, -1)).toBe(49);
    expect(index.search('seven', '', range, 7, -1)).toBe(56);
    expect(index.search('seven', '', range, 56, 1)).toBe(7);
    expect(index.search('absent', '', range, 56, 1)).toBeNull();
  });
});

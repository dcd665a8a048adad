import { expect, test } from 'vitest';
import { createLogIndex } from '../../source/bench/view/log-index.ts';
import { repeatsText } from '../../source/bench/view/log-repeats.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal } from '../../source/core/model/journal.ts';

const poll: Call = {
  name: 'poll',
  on: 'p1',
  wants: [{ on: 'p1.3', reads: true, writes: false }],
  timeout: 0,
};
const accept: Call = { name: 'accept', on: 'p1.3' };
const again = failure('EAGAIN');

const told = (cap = 100_000) => {
  const journal = createJournal({ entries: cap, bytes: 1024 });
  let n = 0;
  const end = (call: Call, outcome: Outcome, took = 1, thread = 'p1/7') => {
    n++;
    const about = { id: n, actor: 'p1', thread, call, queuedAt: n, startedAt: n - took } as const;
    const entry: Entry = {
      kind: 'ended',
      n,
      prev: 0,
      t: n,
      ...about,
      inside: 0,
      looped: false,
      outcome,
      seen: false,
    };
    journal.append(entry);
  };
  const note = (text: string) => journal.append({ kind: 'note', n: ++n, prev: 0, t: n, level: 'info', text });
  let touched = 0;
  const counting = {
    ...journal,
    at: (at: number) => {
      touched++;
      return journal.at(at);
    },
  };
  const index = createLogIndex(counting);
  const window = (bottom: number | null = null, rows = 5) =>
    index.window('', { clearedTo: 0, last: n }, bottom, rows);
  const rows = (bottom: number | null = null) => {
    const { entries, repeats } = window(bottom);
    return entries.map(entry => {
      const run = repeats.find(({ to }) => to === entry.n);
      if (run) return repeatsText(run);
      return entry.kind === 'note' ? entry.text : `#${entry.n}`;
    });
  };
  return { end, note, rows, window, index, last: () => n, touched: () => touched };
};

type Told = ReturnType<typeof told>;

const loop = ({ end }: Told, times: number) => {
  for (let i = 0; i < times; i++) {
    end(poll, ok);
    end(accept, again);
  }
};

test('a poll and an accept that come back with nothing, over and over, are a row', () => {
  const log = told();
  log.note('before');
  loop(log, 412);
  expect(log.rows()).toEqual(['before', 'p1.poll, p1.3.accept EAGAIN x 412']);
  loop(log, 88);
  log.end(poll, ok);
  expect(log.rows()).toEqual(['before', 'p1.poll, p1.3.accept EAGAIN x 500']);
  log.note('after');
  expect(log.rows()).toEqual(['before', 'p1.poll, p1.3.accept EAGAIN x 500', 'after']);
});

test('a call that comes back with something, or that took its time, stands alone', () => {
  const log = told();
  loop(log, 5);
  log.end({ name: 'recv', on: 'p1.4', size: 9 }, { kind: 'data', data: Uint8Array.of(1) });
  loop(log, 2);
  for (let i = 0; i < 3; i++) log.end(poll, ok, 5_000);
  expect(log.rows(14)).toEqual(['p1.poll, p1.3.accept EAGAIN x 5', '#11', '#12', '#13', '#14']);
  expect(log.rows()).toEqual(['#14', '#15', '#16', '#17', '#18']);
});

test('an event loop that wakes ten times a second for nothing is a row; one that something made wake is told', () => {
  const log = told();
  const none: Outcome = { kind: 'none', note: 'none is ready' };
  for (let i = 0; i < 20; i++) log.end(poll, none, 100.4);
  expect(log.rows()).toEqual(['p1.poll x 20']);
  log.end(poll, ok, 900);
  log.end(poll, none, 5_000);
  expect(log.rows()).toEqual(['p1.poll x 20', '#21', '#22']);
});

test('two threads that take turns do not hide each other, and a filter shows each call', () => {
  const log = told();
  for (let i = 0; i < 4; i++) log.end(accept, again, 1, i % 2 === 0 ? 'p1/7' : 'p1/8');
  expect(log.rows()).toEqual(['#1', '#2', '#3', '#4']);
  loop(log, 10);
  expect(log.index.window('p1.3', { clearedTo: 0, last: log.last() }, null, 4).repeats).toEqual([]);
});

test('a step goes past all of them, from any of them, either way', () => {
  const log = told();
  log.note('before');
  loop(log, 50);
  log.note('after');
  const range = { clearedTo: 0, last: log.last() };
  expect(log.index.step('', range, 102, -1)).toBe(101);
  expect(log.index.step('', range, 101, -1)).toBe(1);
  expect(log.index.step('', range, 40, -1)).toBe(1);
  expect(log.index.step('', range, 1, 1)).toBe(101);
  expect(log.index.step('', range, 40, 1)).toBe(102);
  expect(log.rows(30)).toEqual(['before', 'p1.poll, p1.3.accept EAGAIN x 50', 'after']);
});

test('what was read of them is not read again', () => {
  const log = told();
  loop(log, 500);
  log.rows();
  const before = log.touched();
  for (let i = 0; i < 100; i++) {
    loop(log, 1);
    log.rows();
  }
  expect(log.rows()).toEqual(['p1.poll, p1.3.accept EAGAIN x 600']);
  expect(log.touched() - before).toBeLessThan(100 * 60);
});

test('in a replay that has gone back, only as many as there were then', () => {
  const log = told();
  loop(log, 50);
  log.rows();
  const { repeats } = log.index.window('', { clearedTo: 0, last: 20 }, null, 5);
  expect(repeats.map(repeatsText)).toEqual(['p1.poll, p1.3.accept EAGAIN x 10']);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallRows } from '../../source/bench/view/call-rows.ts';
import { createLogIndex } from '../../source/bench/view/log-index.ts';
import { ok } from '../../source/core/calls/outcome.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal, type Journal } from '../../source/core/model/journal.ts';
import { runsOf } from '../support/sizes.ts';

type Act = { readonly call: number; readonly does: 'queued' | 'running' | 'ended' | 'note' };

/** What happens to a few calls at a time, and notes between; the same number of `call` is another call once it has ended. */
const acts = fc.array(
  fc.record({
    call: fc.integer({ min: 0, max: 3 }),
    does: fc.constantFrom<Act['does']>('queued', 'running', 'ended', 'note'),
  }),
  { maxLength: 60 },
);

const about = (id: number, queuedAt: number) =>
  ({
    id,
    actor: 'client',
    call: { name: 'recv', on: `c${id}`, size: 10 },
    thread: `c${id} reader`,
    queuedAt,
    inside: 0,
    looped: false,
  }) as const;

type Flight = { readonly id: number; readonly queuedAt: number; startedAt: number | null; seen: boolean };

/** Entries as a bench makes them of what happens. */
const entriesOf = (happened: readonly Act[]): Entry[] => {
  const entries: Entry[] = [];
  const open = new Map<number, Flight>();
  let lastId = 0;
  for (const { call, does } of happened) {
    const n = entries.length + 1;
    const stamp = { n, prev: 0, t: n * 700 };
    if (does === 'note') {
      entries.push({ ...stamp, kind: 'note', level: 'info', text: `note ${n}` });
      continue;
    }
    const known = open.get(call);
    const flight = known ?? { id: ++lastId, queuedAt: stamp.t, startedAt: null, seen: false };
    open.set(call, flight);
    const common = { ...stamp, ...about(flight.id, flight.queuedAt) };
    if (does === 'ended') {
      const startedAt = flight.startedAt ?? stamp.t;
      entries.push({ ...common, kind: 'ended', startedAt, outcome: ok, seen: flight.seen });
      open.delete(call);
    } else if (does === 'running' && flight.startedAt === null) {
      flight.startedAt = stamp.t;
      flight.seen = true;
      entries.push({ ...common, kind: 'running', startedAt: stamp.t, deadline: null });
    } else if (does === 'running' && flight.startedAt !== null) {
      const { startedAt } = flight;
      entries.push({ ...common, kind: 'running', startedAt, deadline: n * 900, again: true });
    } else if (does === 'queued' && !known) {
      flight.seen = true;
      entries.push({ ...common, kind: 'queued' });
    }
  }
  return entries;
};

/** That a deadline has moved is told in the row that the call has, and has none of its own. */
const isMoved = (entry: Entry): boolean => entry.kind === 'running' && entry.again === true;

const idOf = (entry: Entry): number => ('id' in entry && typeof entry.id === 'number' ? entry.id : 0);

/** What the rows should be: the first entry of each call that is in the range, and the newest. */
const rowsOf = (entries: readonly Entry[], from: number, last: number): Map<number, number> => {
  const rows = new Map<number, number>();
  const firsts = new Map<number, number>();
  for (const entry of entries) {
    if (entry.n < from || entry.n > last) continue;
    if (isMoved(entry) && !firsts.has(idOf(entry))) continue;
    const first = idOf(entry) > 0 ? firsts.get(idOf(entry)) : undefined;
    if (idOf(entry) > 0 && first === undefined) firsts.set(idOf(entry), entry.n);
    rows.set(first ?? entry.n, entry.n);
  }
  return rows;
};

const journalOf = (entries: readonly Entry[], cap: number): Journal => {
  const journal = createJournal({ entries: cap, bytes: 1024 });
  for (const entry of entries) journal.append(entry);
  return journal;
};

const look = fc.record({
  last: fc.integer({ min: 1, max: 60 }),
  clearedTo: fc.integer({ min: 0, max: 20 }),
  bottom: fc.integer({ min: 1, max: 60 }),
  rows: fc.integer({ min: 1, max: 12 }),
});

type Check = (
  rows: ReadonlyMap<number, number>,
  shown: (filter: string) => readonly number[],
  entries: readonly Entry[],
) => void;

/** The log of each beginning of a session, as it is looked at entry by entry. */
const whileItGrows = (check: Check) =>
  fc.assert(
    fc.property(acts, happened => {
      const entries = entriesOf(happened);
      const journal = createJournal({ entries: 1_000, bytes: 1024 });
      const index = createLogIndex(journal);
      for (const entry of entries) {
        journal.append(entry);
        const range = { clearedTo: 0, last: entry.n, folded: true };
        const shown = (filter: string) => index.window(filter, range, null, 100).entries.map(({ n }) => n);
        check(rowsOf(entries, 1, entry.n), shown, entries);
      }
    }),
    runsOf('rows of sockets'),
  );

describe('the log with calls folded', () => {
  test('tells of a call in flight the deadline that it has by then', () => {
    fc.assert(
      fc.property(acts, happened => {
        const entries = entriesOf(happened);
        const rows = new CallRows(journalOf(entries, 1_000));
        // On, and back as a replay is wound.
        for (const { n: last } of [...entries, ...entries.toReversed()]) {
          const range = { clearedTo: 0, last, folded: true };
          for (const n of rowsOf(entries, 1, last).keys()) {
            const row = rows.at(n, range);
            if (row?.began.kind !== 'running' || row.ended) continue;
            const { id } = row.began;
            const told = entries.filter(
              entry => entry.kind === 'running' && entry.id === id && entry.n <= last,
            );
            expect(row.began).toEqual(told.at(-1));
          }
        }
      }),
      runsOf('rows of sockets'),
    );
  });

  test('shows each call once, where it began, with its newest entry; wherever one looks, in any order', () => {
    fc.assert(
      fc.property(acts, fc.array(look, { minLength: 1, maxLength: 6 }), (happened, looks) => {
        const entries = entriesOf(happened);
        if (entries.length === 0) return;
        const index = createLogIndex(journalOf(entries, 1_000));
        for (const { last: wanted, clearedTo, bottom, rows } of looks) {
          const last = Math.min(wanted, entries.length);
          const range = { clearedTo, last, folded: true };
          const all = rowsOf(entries, clearedTo + 1, last);
          const numbers = [...all.keys()];
          const up = numbers.filter(n => n <= Math.min(bottom, last));
          const shown = up.slice(-rows);
          const below = numbers.filter(n => n > bottom).slice(0, rows - shown.length);
          const window = index.window('', range, bottom, rows);
          expect(window.entries.map(({ n }) => n)).toEqual([...shown, ...below]);
          for (const [row, newest] of all) {
            expect(index.newestOf(range, row)).toBe(newest);
            expect(index.rowOf(range, newest)).toBe(row);
          }
        }
      }),
      runsOf('rows of sockets'),
    );
  });

  test('is the same log where it is looked at while it grows, and where a filter lets all through', () => {
    whileItGrows((rows, shown) => {
      expect(shown('')).toEqual([...rows.keys()]);
      expect(shown('-nothing')).toEqual([...rows.keys()]);
    });
  });

  test('a filter judges a call by its row: by its end, once it has one', () => {
    whileItGrows((rows, shown, entries) => {
      const blocked = [...rows].filter(([, newest]) => entries[newest - 1]!.kind === 'running');
      expect(shown('BLOCKED')).toEqual(blocked.map(([row]) => row));
    });
  });

  test('an end whose beginning the journal has let go of is a row of its own', () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 30 }), (happened, cap) => {
        const entries = entriesOf(happened);
        if (entries.length === 0) return;
        const journal = journalOf(entries, cap);
        const range = { clearedTo: 0, last: entries.length, folded: true };
        const numbers = [...rowsOf(entries, journal.first(), entries.length).keys()];
        expect(
          createLogIndex(journal)
            .window('', range, null, 100)
            .entries.map(({ n }) => n),
        ).toEqual(numbers);
      }),
      runsOf('rows of sockets'),
    );
  });
});

test('a log of a million entries shows its end at the cost of its rows, and its start after one look at all', () => {
  const entries = entriesOf([{ call: 0, does: 'running' }]);
  const at = (n: number): Entry | undefined => {
    if (n < 1 || n > 1_000_000) return undefined;
    if (n === 1) return entries[0];
    const common = { n, prev: 0, t: n * 700 };
    if (n === 999_990)
      return { ...common, ...about(1, 700), kind: 'ended', startedAt: 700, outcome: ok, seen: true };
    return { ...common, kind: 'note', level: 'info', text: 'note' };
  };
  let touched = 0;
  const journal: Journal = {
    at: n => {
      touched++;
      return at(n);
    },
    first: () => 1,
    last: () => 1_000_000,
    droppedBytes: () => 0,
    slice: () => [],
  };
  const index = createLogIndex(journal);
  const range = { clearedTo: 0, last: 1_000_000, folded: true };
  const end = index.window('', range, null, 20);
  expect(end.entries.map(({ n }) => n)).not.toContain(999_990);
  expect(touched).toBeLessThan(300);
  expect(index.rowOf(range, 999_990)).toBe(1);
  touched = 0;
  expect(index.window('', range, 1, 20).calls.get(1)?.ended?.n).toBe(999_990);
  expect(touched).toBeLessThan(300);
});

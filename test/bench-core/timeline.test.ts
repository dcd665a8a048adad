import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, callCells, queueCells, type Scale } from '../../source/bench/view/timeline-cells.ts';
import { createTimelineIndex } from '../../source/bench/view/timeline-index.ts';
import { besideCall, chosenCall, timelineRows } from '../../source/bench/view/timeline-rows.ts';
import {
  initialTimeline,
  panned,
  type TimelineView,
  windowOf,
  zoomed,
} from '../../source/bench/view/timeline-window.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { failure, ok } from '../../source/core/calls/outcome.ts';
import { absorb } from '../../source/core/fold/absorb.ts';
import type { EndedEntry, Entry } from '../../source/core/model/entry.ts';
import { createJournal } from '../../source/core/model/journal.ts';
import { type BenchState, initialState } from '../../source/core/model/state.ts';
import { playing } from '../support/playing.ts';

const recv: Call = { name: 'recv', on: 'c1', size: 10 };

/** A thread's calls as (idle before, waited, took, failed), in ms. */
type Past = {
  readonly idle: number;
  readonly waited: number;
  readonly took: number;
  readonly failed: boolean;
};

const pastArbitrary = fc.array(
  fc.record({
    idle: fc.nat(40),
    waited: fc.nat(15),
    took: fc.nat(60),
    failed: fc.boolean(),
  }),
  { maxLength: 60 },
);

const entriesOf = (past: readonly Past[], thread = 'c1.r'): EndedEntry[] => {
  let t = 0;
  return past.map(({ idle, waited, took, failed }, index) => {
    const startedAt = t + idle;
    t = startedAt + took;
    return {
      kind: 'ended',
      n: index + 1,
      prev: 0,
      t,
      id: index + 1,
      actor: 'client',
      call: recv,
      thread,
      queuedAt: startedAt - waited,
      startedAt,
      inside: 0,
      looped: false,
      outcome: failed ? failure('TIMEOUT') : ok,
      seen: false,
    };
  });
};

const kept = (entries: readonly Entry[], caps = { entries: 1_000, bytes: 1_000 }) => {
  const journal = createJournal(caps);
  const state = absorb(initialState(), entries, journal);
  return { journal, state };
};

const scaleOf = (from: number, column: number, columns: number): Scale => ({
  from,
  to: from + column * columns,
  columns,
  now: Number.POSITIVE_INFINITY,
});

/** What a column shows, by looking at every call. */
const bruteForce = (entries: readonly EndedEntry[], { from, to, columns }: Scale): Cell[] => {
  const size = (to - from) / columns;
  return Array.from({ length: columns }, (_, column) => {
    const [start, end] = [from + column * size, from + (column + 1) * size];
    const over = entries.filter(({ t }) => t >= start && t < end);
    const begunHere = (entry: EndedEntry) => entry.startedAt! >= start && entry.startedAt! < end;
    if (over.some(({ outcome }) => outcome.kind === 'error')) return '!';
    if (over.length > 1) return '#';
    if (over[0]) return begunHere(over[0]) ? '=' : ']';
    const running = entries.find(entry => entry.startedAt! < end && entry.t >= end);
    if (!running) return ' ';
    return begunHere(running) ? '[' : '=';
  });
};

const rowOf = (entries: readonly Entry[], state: BenchState, scale: Scale) => {
  const { journal } = kept(entries);
  const tracks = createTimelineIndex(journal).tracks(state.entries);
  return timelineRows(state, tracks, scale)[0];
};

const fullScreen = scaleOf(0, 1, 4_000);

describe('cells of a thread', () => {
  test('are what looking at every call gives, however far back', () => {
    fc.assert(
      fc.property(
        pastArbitrary,
        fc.nat(2_000),
        fc.constantFrom(1, 2, 5, 40),
        fc.integer({ min: 1, max: 60 }),
        (past, from, column, columns) => {
          const entries = entriesOf(past);
          const { state } = kept(entries);
          const scale = scaleOf(from, column, columns);
          const row = rowOf(entries, state, scale);
          const cells = row ? callCells(row, scale).cells : Array<Cell>(columns).fill(' ');
          expect(cells.join('')).toBe(bruteForce(entries, scale).join(''));
        },
      ),
    );
  });

  test('show waiting in the queue apart from running', () => {
    fc.assert(
      fc.property(pastArbitrary, fc.nat(500), fc.constantFrom(1, 5), (past, from, column) => {
        const entries = entriesOf(past);
        const scale = { ...scaleOf(from, column, 50), now: 1e9 };
        const row = rowOf(entries, kept(entries).state, scale);
        const cells = row ? queueCells(row, scale).cells : Array<Cell>(50).fill(' ');
        for (const [index, cell] of cells.entries()) {
          const [start, end] = [from + index * column, from + (index + 1) * column];
          const waited = entries.filter(({ queuedAt, startedAt }) => queuedAt < startedAt!);
          const within = waited.some(({ queuedAt, startedAt }) => queuedAt < end && startedAt! >= start);
          expect([index, cell]).toEqual([index, within ? '.' : ' ']);
        }
      }),
    );
  });

  test('look up names only of bars that are seen, each within the columns', () => {
    fc.assert(
      fc.property(pastArbitrary, fc.nat(500), (past, from) => {
        const entries = entriesOf(past);
        const scale = scaleOf(from, 5, 40);
        const row = rowOf(entries, kept(entries).state, scale);
        if (!row) return;
        for (const { column, width, entry } of callCells(row, scale).labels) {
          expect(column).toBeGreaterThanOrEqual(0);
          expect(column + width).toBeLessThanOrEqual(40);
          const { startedAt, t } = entries[entry - 1]!;
          expect(startedAt!).toBeLessThan(scale.to);
          expect(t).toBeGreaterThanOrEqual(scale.from);
        }
      }),
    );
  });
});

describe('the index', () => {
  test('looks at each entry once, and at none before it is asked', () => {
    const entries = entriesOf(Array<Past>(500).fill({ idle: 1, waited: 0, took: 1, failed: false }));
    const { journal } = kept(entries);
    let looked = 0;
    const counted = {
      ...journal,
      at: (n: number) => {
        looked++;
        return journal.at(n);
      },
    };
    const index = createTimelineIndex(counted);
    expect(looked).toBe(0);
    index.tracks(200);
    expect(looked).toBe(200);
    index.tracks(200);
    index.tracks(500);
    expect(looked).toBe(500);
  });

  test('holds about as much as the journal, and begins with what that still holds', () => {
    const caps = { entries: 100, bytes: 1_000 };
    const journal = createJournal(caps);
    const index = createTimelineIndex(journal);
    const many = 60_000;
    const entries = entriesOf(Array<Past>(many).fill({ idle: 1, waited: 1, took: 1, failed: false }));
    for (let from = 0; from < many; from += 50) {
      for (const entry of entries.slice(from, from + 50)) journal.append(entry);
      index.tracks(from + 50);
    }
    const track = index.tracks(many).get('c1.r')!;
    expect(track.entries.at(-1)).toBe(many);
    expect(track.entries.length).toBeLessThan(12_000);
    expect(track.failures).toHaveLength(track.entries.length + 1);
    expect(track.starts).toHaveLength(track.entries.length);
    const late = createTimelineIndex(journal).tracks(many).get('c1.r')!;
    expect(late.entries).toHaveLength(100);
  });

  test('forgets threads whose calls are long gone', () => {
    const journal = createJournal({ entries: 100, bytes: 1_000 });
    const index = createTimelineIndex(journal);
    const entries = entriesOf(Array<Past>(60_000).fill({ idle: 1, waited: 0, took: 1, failed: false }));
    let most = 0;
    for (const entry of entries) {
      journal.append({ ...entry, thread: `c${entry.n}.r` });
      if (entry.n % 50 === 0) most = Math.max(most, index.tracks(entry.n).size);
    }
    expect(most).toBeLessThan(12_000);
  });

  test('shows no call that ended after the state that is shown', () => {
    const entries = entriesOf(Array<Past>(10).fill({ idle: 10, waited: 0, took: 10, failed: false }));
    const { journal, state } = kept(entries);
    const tracks = createTimelineIndex(journal).tracks(10);
    const earlier = { ...state, entries: 4 };
    const [row] = timelineRows(earlier, tracks, fullScreen);
    expect(row?.count).toBe(4);
    expect(chosenCall(row, initialTimeline, fullScreen)).toBe(4);
  });
});

describe('rows', () => {
  test('are the threads that did something in the window, by program and socket, with what is in flight', async () => {
    const { machine, bench, play } = playing('duplex');
    const index = createTimelineIndex(bench.journal);
    await play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5');
    for (const name of ['c2', 'c1', 'c10']) await play(`${name} = socket`, `${name}.connect 127.0.0.1:9000`);
    await play('a1 = s1.accept', 'c2.recv 1', 'c2.recv 2', 'c10.recv 1', 'a1.send "xy"');
    await machine.run(1_000);
    bench.flush();
    const state = bench.state();
    const rows = timelineRows(state, index.tracks(state.entries), { from: 0, to: 1e6 });
    expect(rows.map(({ thread }) => thread)).toEqual(['c1.r', 'c2.r', 'c10.r', 's1.r', 'a1.w']);
    expect(rows[2]?.running?.call.name).toBe('recv');
    const later = timelineRows(state, index.tracks(state.entries), { from: bench.now() - 500, to: 1e6 });
    expect(later.map(({ thread }) => thread)).toEqual(['c10.r']);
  });

  test('keep queued calls apart, and step from call to call on a thread', async () => {
    const { bench, play } = playing('single');
    const index = createTimelineIndex(bench.journal);
    await play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9001', 'u1.settimeout 1s');
    await play('u1.recvfrom 1');
    await play('u1.settimeout none', 'u1.recvfrom 2', 'u1.recvfrom 3');
    const state = bench.state();
    const window = { from: 0, to: 1e6 };
    const [row] = timelineRows(state, index.tracks(state.entries), window);
    expect(row?.thread).toBe('udp-server');
    const now = chosenCall(row, initialTimeline, window);
    expect(row?.running?.n).toBe(now);
    expect(row?.queued).toHaveLength(1);
    const before = besideCall(row!, now, -1);
    expect(bench.journal.at(before)).toMatchObject({ kind: 'ended', outcome: { code: 'TIMEOUT' } });
    expect(besideCall(row!, before, 1)).toBe(now);
    expect(besideCall(row!, before, -1)).toBe(0);
    expect(besideCall(row!, now, 1)).toBe(0);
  });
});

describe('the window', () => {
  test('follows now in quarters of a screen, with room for deadlines ahead', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.constantFrom(10, 1_000, 10_000),
        (now, span) => {
          const { from, to } = windowOf({ ...initialTimeline, span }, now);
          expect(from % (span / 4)).toBe(0);
          expect(to - from).toBe(span);
          expect(to - now).toBeGreaterThanOrEqual(span / 4 - 1e-6);
          if (from > 0) expect(now - from).toBeGreaterThanOrEqual(span / 2 - 1e-6);
        },
      ),
    );
  });

  test('pans back, stays there, and follows again where it has caught up', () => {
    const now = 100_000;
    const back = panned(initialTimeline, -2, now);
    expect(windowOf(back, now).from).toBe(windowOf(initialTimeline, now).from - 5_000);
    expect(windowOf(back, now + 60_000)).toEqual(windowOf(back, now));
    expect(panned(back, 1, now).start).not.toBeNull();
    expect(panned(panned(back, 1, now), 1, now).start).toBeNull();
    expect(panned(initialTimeline, -1_000, now).start).toBe(0);
  });

  test('zooms about its middle in steps of 1, 2 and 5', () => {
    const view: TimelineView = { ...initialTimeline, start: 40_000 };
    const out = zoomed(view, 1, 0);
    expect([out.span, out.start]).toEqual([20_000, 35_000]);
    expect(zoomed(out, -1, 0)).toEqual(view);
    expect(zoomed(initialTimeline, -1, 0)).toEqual({ ...initialTimeline, span: 5_000 });
    let last = view;
    for (let step = 0; step < 30; step++) last = zoomed(last, -1, 0);
    expect(last.span).toBe(10);
    expect(zoomed(last, -1, 0)).toBe(last);
  });
});

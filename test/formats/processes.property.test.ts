import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { waitGroups } from '../../source/bench/view/wait-groups.ts';
import { fold } from '../../source/core/fold/fold.ts';
import type { Draft, Entry } from '../../source/core/model/entry.ts';
import type { Need } from '../../source/core/model/need.ts';
import type { ProcessId } from '../../source/core/model/process.ts';
import { type BenchState, initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { decodeEntry, encodeEntry, headerOf } from '../../source/formats/session/jsonl.ts';
import { at } from '../support/entries.ts';

const actor = fc.constantFrom<ProcessId>('p1', 'p2', 'p3');
const socket = fc.constantFrom('p1.3', 'p1.4', 'p2.3', 'p2.3b', 'p3.0');
const id = fc.integer({ min: 1, max: 6 });
const thread = fc.tuple(actor, fc.constantFrom(11, 12)).map(([who, tid]) => `${who}/${tid}`);
const address = fc.option(fc.constantFrom(at(1), at(2), at(3)));
const holder = fc.record({ actor, fd: fc.integer({ min: 0, max: 5 }) });

const need: fc.Arbitrary<Need> = fc.record({
  on: fc.oneof(socket, fc.constant('fd0')),
  act: fc.constantFrom('send', 'recv', 'accept'),
  other: fc.oneof(socket, fc.constant('')),
  by: fc.array(actor, { maxLength: 2 }),
  free: fc.constantFrom(null, null, 'client', 'terminal', 'elsewhere', 'bytes', 'ended'),
});

const call = fc.oneof(
  fc.record({ name: fc.constant('recv' as const), on: socket, size: fc.constant(4096) }),
  fc.record({ name: fc.constant('accept' as const), on: socket }),
  fc.record({
    name: fc.constant('send' as const),
    on: socket,
    data: fc.constant({ kind: 'dropped' as const, size: 70_000 }),
  }),
  fc.record({
    name: fc.constant('poll' as const),
    on: actor,
    wants: fc.array(fc.record({ on: socket, reads: fc.boolean(), writes: fc.boolean() }), { maxLength: 3 }),
    timeout: fc.constantFrom(null, 0, 1500),
  }),
);

const about = {
  id,
  actor,
  call,
  thread,
  queuedAt: fc.constant(0),
  inside: fc.constant(0),
  looped: fc.constant(false),
};

const draft = fc.oneof(
  fc.record({
    kind: fc.constant('process'),
    actor,
    pid: fc.integer({ min: 1, max: 9999 }),
    name: fc.constantFrom('python3', 'nginx'),
    args: fc.array(fc.constantFrom('/usr/bin/python3', 'a b', '\x1b[2J'), { maxLength: 2 }),
    parent: fc.constantFrom('', 'p1'),
    origin: fc.constantFrom('found', 'forked', 'executed'),
    traced: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('gone'),
    actor,
    code: fc.constantFrom(null, 0, 1),
    signal: fc.constantFrom('', 'SIGTERM'),
  }),
  fc.record({
    kind: fc.constant('threads'),
    threads: fc.array(
      fc.record({ thread, does: fc.constantFrom('call', 'sleep', 'running'), since: fc.constant(1) }),
      {
        maxLength: 3,
      },
    ),
    over: fc.array(thread, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('socket'),
    name: socket,
    actor,
    inode: fc.integer({ min: 100, max: 104 }),
    family: fc.constant('AF_INET'),
    type: fc.constantFrom('SOCK_STREAM', 'SOCK_DGRAM'),
    condition: fc.constantFrom('ESTAB', 'LISTEN', 'CLOSE-WAIT', 'UNCONN'),
    local: address,
    peer: address,
    listener: fc.constantFrom('', 'p1.3'),
    holders: fc.array(holder, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('waits'),
    calls: fc.array(fc.record({ id, needs: fc.array(need, { maxLength: 2 }) }), { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('running'),
    ...about,
    startedAt: fc.constant(0),
    deadline: fc.constantFrom(null, 9000),
  }),
  fc.record({
    kind: fc.constant('ended'),
    ...about,
    startedAt: fc.constant(0),
    outcome: fc.constantFrom({ kind: 'unseen' }, { kind: 'none' }),
    seen: fc.constant(true),
  }),
);

const journal: fc.Arbitrary<Entry[]> = fc
  .array(draft, { minLength: 1, maxLength: 40 })
  .map(drafts =>
    drafts.map((one, index) => ({ ...(one as Draft), t: index + 1, n: index + 1, prev: 0 }) as Entry),
  );

const copies = (entries: readonly Entry[]): Entry[] => entries.map(entry => decodeEntry(encodeEntry(entry)));

/** All that is read of a state by panes, `w` and log. */
const shown = (state: BenchState, entries: readonly Entry[]) => [
  entries.map(entry => entryText(entry)),
  [...state.calls.values()].map(each => waitsFor(state, each, null)),
  waitGroups(state).map(({ calls }) => calls.map(({ call: each, depth }) => [each.id, depth])),
];

describe('a journal of processes', () => {
  test('folds, is written, read and replayed to the same state and rows', () => {
    fc.assert(
      fc.property(journal, fc.nat(), (entries, cut) => {
        const read = copies(entries);
        const state = fold(initialState(), entries);
        expect(fold(initialState(), read)).toEqual(state);
        expect(shown(fold(initialState(), copies(entries)), read)).toEqual(shown(state, entries));
        const replay = createReplay({ entries: copies(entries), began: 0, cut: false });
        expect(replay.source.state()).toEqual(state);
        // The same from a checkpoint in its midst.
        const middle = cut % entries.length;
        const checkpoint = {
          kind: 'checkpoint',
          n: 1,
          t: 1,
          prev: 0,
          state: fold(initialState(), copies(entries).slice(0, middle)),
        } as const;
        const [first] = copies([checkpoint]);
        expect(first?.kind === 'checkpoint' && fold(first.state, copies(entries).slice(middle))).toEqual(
          state,
        );
      }),
    );
  });

  test('has every call in one group of the waits', () => {
    fc.assert(
      fc.property(journal, entries => {
        const state = fold(initialState(), entries);
        const told = waitGroups(state).flatMap(({ calls }) => calls.map(({ call: each }) => each.id));
        expect(told.toSorted()).toEqual([...state.calls.keys()].toSorted());
      }),
    );
  });

  test('is exported to every format, or refused in a sentence', () => {
    fc.assert(
      fc.property(journal, entries => {
        const session = {
          header: headerOf(0),
          entries: copies(entries),
          state: fold(initialState(), copies(entries)),
          cut: false,
        };
        for (const format of Object.values(exportFormats)) {
          const exported = format(session);
          if (exported.ok) expect([...exported.pieces].length).toBeGreaterThan(0);
          else expect(exported.message).toMatch(/\w/);
        }
      }),
      { numRuns: 50 },
    );
  });
});

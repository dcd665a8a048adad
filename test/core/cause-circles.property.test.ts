import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { absorb } from '../../source/core/fold/absorb.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { createJournal } from '../../source/core/model/journal.ts';
import { initialState } from '../../source/core/model/state.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { recordings } from '../formats/mutants.ts';
import { at, createPlaybook, sample } from '../support/entries.ts';
import { playScript } from '../support/play-script.ts';
import { anyScript, type RandomScript } from '../support/random-script.ts';
import { createScript } from '../support/script-world.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { runsOf } from '../support/sizes.ts';

/**
 * From every entry the way to its cause, and to the cause of that, comes to an end, and so does the way to its effects. A
 * link leads on in time only from an accept to its connect, which has no cause of its own.
 */
const expectNoCircle = (entries: readonly Entry[]): void => {
  const byNumber = new Map(entries.map(entry => [entry.n, entry]));
  for (const entry of entries) {
    for (const link of ['by', 'wakes'] as const) {
      const passed = new Set<number>();
      for (let next: Entry | undefined = entry; next; next = byNumber.get(next[link] ?? 0)) {
        if (passed.has(next.n)) throw new Error(`the ${link} of #${entry.n} run in a circle`);
        passed.add(next.n);
      }
    }
    if (entry.by === undefined || entry.by < entry.n) continue;
    expect(entry).toMatchObject({ kind: 'ended', call: { name: 'accept' } });
    expect(byNumber.get(entry.by)).toMatchObject({ call: { name: 'connect' } });
    expect(byNumber.get(entry.by)?.by).toBeUndefined();
  }
};

/** What is told of clients that connect to one listener, each thing at most once: the order is anyone's. */
type Told = {
  readonly what: 'begun' | 'waits' | 'connected' | 'accepted';
  readonly client: number;
  readonly later: number;
};

const anyOrder: fc.Arbitrary<Told[]> = fc
  .integer({ min: 1, max: 4 })
  .chain(clients =>
    fc.shuffledSubarray(
      Array.from({ length: clients }, (_, client) =>
        (['begun', 'waits', 'connected', 'accepted'] as const).map(what => ({ what, client })),
      ).flat(),
    ),
  )
  .chain(list =>
    fc
      .array(fc.constantFrom(1, 20, 1_200), { minLength: list.length, maxLength: list.length })
      .map(gaps => list.map((told, index) => ({ ...told, later: gaps[index]! }))),
  );

const journalOf = (order: readonly Told[]): Entry[] => {
  const book = createPlaybook();
  book.socket('s1');
  book.bind('s1', at(9000));
  book.ended({ name: 'listen', on: 's1', backlog: 1 }, { kind: 'none', local: at(9000) });
  for (let client = 0; client < 4; client++) book.socket(`c${client + 1}`);
  const ends = new Map<number, (outcome: Outcome) => Entry>();
  let t = 100;
  for (const { what, client, later } of order) {
    t += later;
    const name = `c${client + 1}`;
    const local = at(4000 + client);
    const before = book.entries.length;
    if (what === 'begun') ends.set(client, book.running({ name: 'connect', on: name, address: at(9000) }));
    if (what === 'waits')
      book.add({
        kind: 'sample',
        t,
        source: 'kernel',
        readAt: t,
        sockets: [sample(name, 'SYN-SENT')],
        taken: [],
      });
    if (what === 'connected') {
      const end = ends.get(client);
      if (end) end({ kind: 'none', local, peer: at(9000) });
      else book.connect(name, local, at(9000));
    }
    if (what === 'accepted')
      book.ended(
        { name: 'accept', on: 's1' },
        { kind: 'made', name: `a${client + 1}`, local: at(9000), peer: local },
      );
    for (const entry of book.entries.slice(before)) Object.assign(entry, { t });
  }
  return book.entries;
};

const read = (entries: readonly Entry[]): readonly Entry[] => {
  const lines = [encodeHeader(headerOf(0)), ...entries.map(encodeEntry)];
  const session = readSession(new TextEncoder().encode(`${lines.join('\n')}\n`), 'journal');
  if (!session.ok) throw new Error(session.message);
  return session.session.entries;
};

test('connects and accepts told in any order, flushed anyhow, cause each other in no circle', () => {
  fc.assert(
    fc.property(anyOrder, fc.integer({ min: 1, max: 20 }), (order, flush) => {
      const entries = journalOf(order);
      expectNoCircle(read(entries));
      const journal = createJournal();
      let state = initialState();
      for (let from = 0; from < entries.length; from += flush)
        state = absorb(state, entries.slice(from, from + flush), journal);
      expectNoCircle(entries);
    }),
    runsOf('journals without a circle of causes', 10),
  );
});

test('random scripts on the simulated machine have no circle of causes', async () => {
  const play = async (random: RandomScript): Promise<void> => {
    const machine = createMachine({ lazy: random.lazy });
    const bench = machine.bench({ loops: { accept: false, receive: false } });
    const script = createScript(bench);
    const rest = () => machine.quiesce(bench);
    await playScript(random, bench, script, { ends: async () => machine.settle(), rest, pause: rest });
    await machine.run(3_000);
    bench.flush();
    const entries = bench.journal.slice(1, bench.journal.last());
    expectNoCircle(entries);
    expectNoCircle(read(entries));
    await bench.dispose();
  };
  await fc.assert(fc.asyncProperty(anyScript, play), runsOf('journals without a circle of causes'));
});

test.each([...recordings])('the recording %s has no circle of causes', (name, lines) => {
  const session = readSession(new TextEncoder().encode(`${lines.join('\n')}\n`), name);
  if (!session.ok) throw new Error(session.message);
  expectNoCircle(session.session.entries);
});

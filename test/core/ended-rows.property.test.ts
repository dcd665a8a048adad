import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { createJournal } from '../../source/core/model/journal.ts';

const bytes = fc.uint8Array({ maxLength: 9 });

const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ name: fc.constant('recv' as const), on: fc.constant('c1'), size: fc.nat() }),
  bytes.map(data => ({ name: 'send', on: 'c1', data: { kind: 'literal', data, notation: 'hex' } }) as const),
  fc.nat(99).map(size => ({ name: 'sendall', on: 'a1', data: { kind: 'dropped', size } }) as const),
  fc.constant({ name: 'accept', on: 's1' } as const),
);

const wire = { out: 1, in: 2 } as never;

/** Of each kind, and with each of what few have. */
const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(ok),
  fc.record({ kind: fc.constant('none' as const), note: fc.string() }),
  fc.record({ kind: fc.constant('count' as const), count: fc.nat() }),
  fc.record(
    {
      kind: fc.constant('count' as const),
      count: fc.nat(),
      local: fc.constant(inet('::1', 5)),
      bytes: fc.nat(),
      passed: fc.nat(),
      note: fc.string(),
      wire: fc.constant(wire),
    },
    { requiredKeys: ['kind', 'count'] },
  ),
  fc.record({ kind: fc.constant('data' as const), data: bytes }),
  fc.record(
    {
      kind: fc.constant('data' as const),
      data: bytes,
      from: fc.constant(inet('127.0.0.1', 9)),
      lost: fc.nat(),
      dropped: fc.nat(),
      wire: fc.constant(wire),
      ending: fc.constant('reset' as never),
    },
    { requiredKeys: ['kind', 'data'] },
  ),
  fc.record({ kind: fc.constant('made' as const), name: fc.constant('a7') }),
  fc.record({ kind: fc.constant('error' as const), code: fc.constant('EPIPE' as const), count: fc.nat() }),
);

const time = fc.double({ min: 0, max: 1e9, noNaN: true });

const ends: fc.Arbitrary<Omit<EndedEntry, 'n' | 'kind'>> = fc.record(
  {
    t: time,
    prev: fc.nat(),
    id: fc.nat(),
    actor: fc.constantFrom('client', 'tcp-server', 'p3', ''),
    call: calls,
    thread: fc.constantFrom('', 'c1.r', 'server'),
    queuedAt: time,
    inside: fc.constantFrom(0, 0, 0, 4),
    looped: fc.boolean(),
    startedAt: fc.option(time),
    outcome: outcomes,
    seen: fc.boolean(),
    by: fc.integer({ min: 1 }),
    wakes: fc.integer({ min: 1 }),
    rule: fc.nat(),
    repeat: fc.nat(),
    mate: fc.constant('c2'),
    sender: fc.constant(inet('127.0.0.1', 9)),
    afterwards: fc.constant({ kind: 'serve' } as const),
    aside: fc.constant(true as const),
  },
  {
    requiredKeys: [
      't',
      'prev',
      'id',
      'actor',
      'call',
      'thread',
      'queuedAt',
      'inside',
      'looped',
      'startedAt',
      'outcome',
      'seen',
    ],
  },
);

const numbered = (some: readonly Omit<EndedEntry, 'n' | 'kind'>[]): EndedEntry[] =>
  some.map((end, at) => ({ ...end, kind: 'ended', n: at + 1 }));

it('tells each call that has ended as it was told, and what it was linked with since', () => {
  fc.assert(
    fc.property(fc.array(ends, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (some, cap) => {
      const journal = createJournal({ entries: cap, bytes: 1_000_000 });
      const told = structuredClone(numbered(some));
      for (const entry of numbered(some)) journal.append(entry);
      const held = told.slice(Math.max(0, told.length - cap));
      expect(journal.slice(1, told.length)).toEqual(held);
      for (const entry of held) {
        const links = journal.linksAt(entry.n)!;
        expect([links.by, links.wakes]).toEqual([entry.by, entry.wakes]);
        [links.by, links.wakes] = [entry.n + 7, entry.n + 8];
      }
      const linked = held.map(entry => ({ ...entry, by: entry.n + 7, wakes: entry.n + 8 }));
      expect(linked.map(({ n }) => journal.at(n))).toEqual(linked);
    }),
  );
});

const received = ({ outcome }: EndedEntry): number => (outcome.kind === 'data' ? outcome.data.length : 0);
const sent = ({ call }: EndedEntry): number =>
  'data' in call && call.data.kind === 'literal' ? call.data.data.length : 0;

/** The same once it holds no bytes. */
const without = (entry: EndedEntry): EndedEntry => {
  const { call, outcome } = entry;
  const [came, went] = [received(entry), sent(entry)];
  return {
    ...entry,
    ...(outcome.kind === 'data' &&
      came > 0 && { outcome: { ...outcome, data: new Uint8Array(0), dropped: came } }),
    ...('data' in call &&
      call.data.kind === 'literal' && { call: { ...call, data: { kind: 'dropped', size: went } } }),
  } as EndedEntry;
};

it('lets go of every byte once, with the entry that had it, and counts it', () => {
  fc.assert(
    fc.property(
      fc.array(ends, { maxLength: 30 }),
      fc.integer({ max: 12, min: 1 }),
      fc.nat(20),
      (some, cap, most) => {
        const gone: [n: number, received: number, sent: number][] = [];
        const told = numbered(some);
        const journal = createJournal({ entries: cap, bytes: most }, (letGo, received, sent) => {
          const n = gone.length + 1;
          gone.push([n, received.length, sent.length]);
          // It is made where it is asked for.
          if (n % 2 === 0) expect(letGo()).toEqual(without(told[n - 1]!));
        });
        const all = told.map(entry => [entry.n, received(entry), sent(entry)]);
        for (const entry of told) journal.append(structuredClone(entry));
        expect(gone).toEqual(all.slice(0, gone.length));
        const kept = journal.slice(1, told.length) as EndedEntry[];
        expect(kept.reduce((sum, entry) => sum + received(entry) + sent(entry), 0)).toBeLessThanOrEqual(most);
        for (const entry of kept) {
          const before = told[entry.n - 1]!;
          const bytes = received(entry) + sent(entry);
          expect(bytes).toBe(gone.length < entry.n ? received(before) + sent(before) : 0);
        }
      },
    ),
  );
});

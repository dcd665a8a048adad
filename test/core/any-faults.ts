import fc from 'fast-check';
import type { Faults } from '../../source/core/model/faults.ts';

const size = fc.integer({ min: 1, max: 1 << 20 });
const time = fc.integer({ min: 1, max: 100_000 });
const percent = fc.integer({ min: 1, max: 1000 }).map(tenths => tenths / 10);
const either = { delay: time, rate: size, stall: fc.constant(true as const) };

const ofStream: fc.Arbitrary<Faults> = fc.record(
  {
    ...either,
    split: fc.record({ size, every: fc.nat(1000) }),
    merge: fc.record({ size, within: fc.nat(1000) }),
    cut: fc.record({
      how: fc.constantFrom('half-close' as const, 'reset' as const),
      after: fc.nat(1 << 20),
      of: fc.constantFrom('sent' as const, 'received' as const),
    }),
  },
  { requiredKeys: [] },
);

const ofDatagrams: fc.Arbitrary<Faults> = fc
  .record(
    { ...either, drop: percent, duplicate: percent, reorder: percent, seed: fc.nat(2 ** 31 - 1) },
    { requiredKeys: [] },
  )
  .filter(faults => Object.keys(faults).join('') !== 'seed');

/** Faults of a stream or of datagrams; none of them is off. */
export const anyFaults: fc.Arbitrary<Faults> = fc.oneof(ofStream, ofDatagrams);

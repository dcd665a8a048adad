import fc from 'fast-check';
import { sizeOf } from '../support/sizes.ts';

/** The ends of every type that a number may have on its way to the kernel, and what is beyond them. */
export const edges: readonly (number | string)[] = [
  ...[0, 1, -1, 2, 5, 64, 255, 256, 1000, 65_535, 65_536],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 99_999_999_999],
  ...[2 ** 53, 2 ** 62, 2 ** 63, -(2 ** 63), -(2 ** 63) - 2048, 2 ** 64, 1e30],
  ...[0.5, -1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  'abc',
];

const anyNumber = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: 2 ** 31, max: 2 ** 32 }),
  fc.maxSafeInteger(),
  fc.double(),
);

const runs = sizeOf('numbers beside the few');

/** A few of each kind; at full size every edge, and so many others. */
export const sampleNumbers = (): readonly (number | string)[] =>
  runs > 0
    ? [...edges, ...fc.sample(anyNumber, { numRuns: runs })]
    : [-1, 5, 2 ** 31 - 1, 2 ** 63, 1.5, ...fc.sample(anyNumber, 1)];

/** Any number that a call may be given. */
export const anyArgument = fc.oneof(fc.constantFrom(...edges), anyNumber);

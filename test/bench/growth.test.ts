import { describe, expect, test } from 'vitest';
import { exponentOf, type Grown, grow, isFlat } from './growth/growth.ts';
import { scales } from './growth/scales.ts';
import { toGrowthText } from './growth/table.ts';

const sizes = [10, 100, 1_000];

describe('how a cost grows with size', () => {
  test.each([
    ['one that is always the same', [7, 7, 7], 0],
    ['one in proportion', [20, 200, 2_000], 1],
    ['one that is shared', [5, 0.5, 0.05], -1],
    ['one of pairs', [1, 100, 10_000], 2],
  ])('%s', (_, costs, exponent) => {
    expect(exponentOf(sizes, costs)).toBeCloseTo(exponent, 10);
  });

  const grown = (costs: readonly number[], because?: string): Grown => ({
    ...{ of: 'entries', name: 'cost', unit: 'us', sizes, costs, exponent: exponentOf(sizes, costs) },
    ...(because === undefined ? {} : { because }),
  });

  test('what grows by half over a hundredfold size is noise, what grows tenfold is not', () => {
    expect(isFlat(grown([10, 12, 15]))).toBe(true);
    expect(isFlat(grown([10, 30, 100]))).toBe(false);
  });

  test('the table says flat, why not, or that nobody has explained it', () => {
    const text = toGrowthText([grown([7, 7, 7]), grown([20, 200, 2_000], 'it is a list'), grown([1, 9, 80])]);
    expect(text.split('\n').map(line => line.replace(/ {2,}/g, '  '))).toEqual([
      'growth with entries  10  100  1,000',
      '  cost, us  7.00  7.00  7.00  flat (size^0.00)',
      '  cost, us  20.0  200  2,000  size^1.00: it is a list',
      '  cost, us  1.00  9.00  80.0  size^0.95: NOT FLAT, and unexplained',
      '',
    ]);
  });
});

const rows = scales.flatMap(({ of, rows }) => rows.map(row => ({ of, row, name: row.name })));

/** That each row works; its figures at this size mean nothing. */
test.concurrent.each(rows)('$name, with $of, works at a tiny size', async ({ of, row }) => {
  const grown = await grow(of, row, true);
  expect(grown.costs).toHaveLength(2);
  // The processor's clock may not have moved in what so few take, and what is resident may be less after them.
  for (const cost of grown.costs) expect(cost).toSatisfy(Number.isFinite);
});

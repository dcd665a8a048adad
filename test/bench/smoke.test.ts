import { expect, test } from 'vitest';
import { cases } from './all.ts';
import { measure } from './case.ts';
import { toText } from './table.ts';

/** That each case works; its figures at this size mean nothing. */
test.concurrent.each(cases)('$name works at a tiny size', async one => {
  const result = await measure(one, true);
  expect(result.measured.map(({ name }) => name)).toEqual(one.contenders.map(({ name }) => name));
  for (const { median } of result.measured) expect(median).toSatisfy(Number.isFinite);
  expect(toText(result)).toContain(one.name);
});

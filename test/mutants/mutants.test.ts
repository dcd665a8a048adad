import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';

const root = join(import.meta.dirname, '../..');

test('there are twenty, each of a name of its own', () => {
  expect(mutants).toHaveLength(20);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test.each(mutants)('$file: $name', ({ file, text, becomes, tests }) => {
  const times = readFileSync(join(root, file), 'utf8').split(text).length - 1;
  expect(times, `"${text}" stands in ${file} ${times} times: write the mutant anew`).toBe(1);
  expect(becomes).not.toBe(text);
  for (const one of tests) expect(existsSync(join(root, one)), one).toBe(true);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { campaigns } from '../campaign/all.ts';
import { mutants } from './mutants.ts';
import { planted } from './planted.ts';

const root = join(import.meta.dirname, '../..');

test('there are twenty, each of a name of its own', () => {
  expect(mutants).toHaveLength(20);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

const expectOnce = (file: string, text: string): void => {
  const times = readFileSync(join(root, file), 'utf8').split(text).length - 1;
  expect(times, `"${text}" stands in ${file} ${times} times: write the mutant anew`).toBe(1);
};

test.each(mutants)('$file: $name', ({ file, text, becomes, tests }) => {
  expectOnce(file, text);
  expect(becomes).not.toBe(text);
  for (const one of tests) expect(existsSync(join(root, one)), one).toBe(true);
});

test.each(planted)('planted in $file: $name', ({ file, text, becomes, campaign }) => {
  expectOnce(file, text);
  expect(becomes).not.toBe(text);
  expect(campaigns.map(({ name }) => name)).toContain(campaign);
});

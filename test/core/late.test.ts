import { globSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { latePattern } from '../../source/core/bytes/late.ts';

test('a pattern is made when it is first asked for, once', () => {
  const made = vi.spyOn(globalThis, 'RegExp');
  const letters = latePattern(String.raw`^\p{L}+$`);
  expect(made).not.toHaveBeenCalled();
  expect(letters().test('Größe')).toBe(true);
  expect(letters()).toBe(letters());
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});

test("no module makes a pattern of Unicode's classes while it loads", () => {
  const literal = /^(?:(?:export )?const .*=)? *\/(?![/*]).*\\p\{/;
  const early = globSync('source/**/*.{ts,tsx}').flatMap(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => literal.test(line))
      .map(line => `${file}: ${line}`),
  );
  expect(early).toEqual([]);
});

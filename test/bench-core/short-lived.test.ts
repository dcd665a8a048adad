import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { limits } from '../support/limits.ts';

/** In a process of its own, where nobody else makes anything meanwhile, and no full collection comes between. */
const leftBehind = (): number =>
  Number(
    execFileSync(
      process.execPath,
      ['--expose-gc', '--no-incremental-marking', join(import.meta.dirname, 'short-lived.ts')],
      { encoding: 'utf8', timeout: limits.wait },
    ),
  );

it('a call that has ended does not live on until the next full collection', () => {
  // A call in flight takes some 400 bytes, and what it was asked for.
  expect(leftBehind()).toBeLessThan(40);
});

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { limits } from '../support/limits.ts';
import { hasPython } from './agreement.ts';
import { available } from './native.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** With 64 descriptors: room for Node's own, and few to fill. */
const withFew = (command: readonly string[]): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    const limited = ['-c', 'ulimit -n 64 && exec "$@"', 'sh', ...command];
    execFile('sh', limited, { timeout: limits.wait }, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(JSON.parse(out)),
    );
  });

const refused = ['OSError', 24];

describe.skipIf(process.platform !== 'linux')('no descriptor is left', () => {
  test.skipIf(!available || !hasPython)(
    'accept and socket answer as in CPython, and no client is lost',
    async () => {
      const [driver, python] = await Promise.all([
        withFew([process.execPath, here('exhausted.ts'), 'native']),
        withFew(['python3', here('exhausted.py')]),
      ]);
      expect(driver).toEqual(python);
      expect(driver.slice(0, 3)).toEqual([refused, refused, ['TimeoutError', null]]);
      expect(driver.slice(-2)).toEqual([true, true]);
    },
  );

  test('without system calls of its own the bench asks before libuv would accept a client to close it', async () => {
    const driver = await withFew([process.execPath, here('exhausted.ts'), 'library']);
    expect(driver).toEqual([...new Array(8).fill(refused), true]);
  });
});

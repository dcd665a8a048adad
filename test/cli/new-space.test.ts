import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const module = pathToFileURL(resolve(import.meta.dirname, '../../source/cli/new-space.ts')).href;

/** MiB that V8 has for new objects once half a million of them have survived, some thousands a turn. */
const sizeAfter = async (bound: boolean): Promise<number> => {
  const program = `
    import { boundNewSpace, newSpaceSize } from ${JSON.stringify(module)};
    import { setImmediate as turn } from 'node:timers/promises';
    if (${bound}) boundNewSpace();
    const kept = [];
    for (let n = 0; n < 500_000; n++) {
      kept.push({ n, of: [n, [n]] });
      if (n % 5_000 === 0) await turn();
    }
    console.log(newSpaceSize() / 1024 ** 2, kept.length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  return Number(stdout.split(' ')[0]);
};

test('the space for new objects stays small, however many survive', async () => {
  const [bound, free] = [await sizeAfter(true), await sizeAfter(false)];
  expect(bound).toBeLessThanOrEqual(32);
  expect(free).toBeGreaterThan(bound);
});

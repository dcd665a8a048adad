import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { byDriver, byPython, hasPython } from './agreement.ts';
import { unixScripts } from './agreement-unix.ts';
import { hands } from './hands.ts';
import { available, reason } from './native.ts';

/** Where one side has its names: in a folder of its own, or in front of its own abstract names. */
const folders = {
  paths: (folder: string) => folder,
  'abstract names': (folder: string) => `\0${folder}`,
} as const;

const folder = (): string => mkdtempSync(join(tmpdir(), 'sb-'));

describe.skipIf(!hasPython || !available)(`Unix sockets agree with CPython's${reason}`, () => {
  describe.each(Object.entries(folders))('%s', (_kind, place) => {
    test.concurrent.for(Object.entries(unixScripts))(
      '%s',
      async ([_name, script], { expect, onTestFinished }) => {
        const [ours, theirs] = [folder(), folder()];
        onTestFinished(() => {
          for (const made of [ours, theirs]) rmSync(made, { recursive: true, force: true });
        });
        const stepsIn = (own: string) => script(name => `unix:${join(place(own), name)}`);
        const bench = hands(options => createNodeDriver(options), onTestFinished);
        const [driver, expected] = await Promise.all([
          byDriver(bench, stepsIn(ours)),
          byPython(stepsIn(theirs)),
        ]);
        const steps = stepsIn(ours);
        const beside = (told: readonly object[]) =>
          steps.map((step, i) => ({ step: step.join(' '), ...told[i] }));
        const renamed = JSON.parse(JSON.stringify(expected).replaceAll(theirs, ours)) as object[];
        expect(beside(driver)).toEqual(beside(renamed));
      },
    );
  });
});

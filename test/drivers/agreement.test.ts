import { describe, test } from 'vitest';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { byDriver, byPython, hasPython } from './agreement.ts';
import { otherScripts } from './agreement-others.ts';
import { streamScripts } from './agreement-streams.ts';
import { hands, loopback } from './hands.ts';
import { available } from './native.ts';

/** MSG_OOB goes by the native calls alone: what cannot be done is said, and the next call of CPython's would wait. */
const native: readonly string[] = ['urgent bytes'];

const scripts = Object.entries({ ...streamScripts, ...otherScripts }).filter(
  ([name]) => available || !native.includes(name),
);

describe.skipIf(!hasPython)('agreement with CPython', () => {
  describe.each(['AF_INET', 'AF_INET6'] as const)('%s', family => {
    test.concurrent.for(scripts)('%s', async ([_name, script], { expect, onTestFinished }) => {
      const steps = script(family, loopback[family]);
      const bench = hands(options => createNodeDriver(options), onTestFinished);
      const [driver, expected] = await Promise.all([byDriver(bench, steps), byPython(steps)]);
      const beside = steps.map((step, i) => ({ step: step.join(' '), ...driver[i] }));
      expect(beside).toEqual(steps.map((step, i) => ({ step: step.join(' '), ...expected[i] })));
    });
  });
});

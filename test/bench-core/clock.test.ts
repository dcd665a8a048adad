import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { systemClock } from '../../source/bench/engine/clock.ts';

/** How long the clock took over `ms`, asked in the middle of a turn of the event loop that lasts `busy` ms. */
const waited = (ms: number, busy: number): Promise<number> =>
  new Promise(resolve => {
    for (const began = performance.now(); performance.now() - began < busy; );
    const asked = systemClock.now();
    systemClock.after(ms, () => resolve(systemClock.now() - asked));
  });

test.each([
  [5, 0],
  [5.9, 0],
  [5.2, 3],
  [0.5, 2],
])('%d ms are never less, asked %d ms into a turn', async (ms, busy) => {
  for (let i = 0; i < 10; i++) expect(await waited(ms, busy)).toBeGreaterThanOrEqual(ms);
});

test('what was taken back does not run', async () => {
  let ran = false;
  const back = systemClock.after(1.5, () => (ran = true));
  back();
  await waited(5, 0);
  expect(ran).toBe(false);
});

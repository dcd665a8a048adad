import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startLookLoop } from '../../source/cli/looking/look-loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A loop of looks that take so long each, and what each of them was asked. */
const looping = (cost: number) => {
  let spent = 0;
  const looks: { anew: boolean; more: readonly number[] }[] = [];
  const hear = startLookLoop({
    look: (anew = false, more = []) => {
      looks.push({ anew, more: [...more] });
      spent += cost;
      return { news: null, within: 60_000 };
    },
    told: () => {},
    forPeers: true,
    now: () => Date.now() + spent,
  });
  return { hear, looks };
};

test('one look is for all who came meanwhile', async () => {
  const { hear, looks } = looping(1);
  hear(7);
  hear(8);
  hear('poke');
  await vi.advanceTimersByTimeAsync(20);
  expect(looks).toEqual([
    { anew: false, more: [] },
    { anew: true, more: [7, 8] },
  ]);
});

test('ten thousand connections that come one by one ask for few looks, where each takes long', async () => {
  const { hear, looks } = looping(300);
  for (let n = 0; n < 10_000; n++) {
    hear('poke');
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(looks.length).toBeGreaterThan(2);
  // Of 10 seconds and what the looks take themselves a tenth.
  expect(looks.length).toBeLessThanOrEqual(5);
});

test('what is asked for after a rest is looked at at once', async () => {
  const { hear, looks } = looping(5);
  await vi.advanceTimersByTimeAsync(60);
  const before = looks.length;
  hear('poke');
  await vi.advanceTimersByTimeAsync(0);
  expect(looks.slice(before)).toEqual([{ anew: true, more: [] }]);
});

test('peers at rest are looked at ever more seldom, until something changes', async () => {
  const { hear, looks } = looping(1);
  const looksIn = async (ms: number) => {
    const before = looks.length;
    await vi.advanceTimersByTimeAsync(ms);
    return looks.length - before;
  };
  expect([await looksIn(600), await looksIn(2_400), await looksIn(5_000)]).toEqual([6, 10, 10]);
  hear('poke');
  expect(await looksIn(600)).toBe(7);
});

test('where nobody is left to look at, it ends', async () => {
  const { hear, looks } = looping(1);
  hear('rest');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toHaveLength(3);
});

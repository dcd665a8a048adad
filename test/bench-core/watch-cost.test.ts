import { expect, test } from 'vitest';
import { watchKernel } from '../../source/bench/engine/kernel-watch.ts';
import { at, createPlaybook, stateOf } from '../support/entries.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';

/** A bench with one datagram socket that has an address, so that there is something to look at. */
const watched = () => {
  const book = createPlaybook();
  book.socket('u1', 'SOCK_DGRAM');
  book.bind('u1', at(5000));
  return stateOf(book);
};

/** How many looks are taken in a minute where each costs `ms` and something changes every `every` ms. */
const looksInAMinute = async (ms: number, every: number): Promise<number> => {
  const clock = createSimulatedClock();
  let state = watched();
  let looks = 0;
  const observer = {
    sample: async () => {
      looks++;
      return { source: 'kernel', samples: [] } as const;
    },
    cost: () => ({ ms }),
  };
  const watch = watchKernel(
    observer,
    clock,
    () => state,
    () => false,
  );
  for (let now = 0; now < 60_000; now += 10) {
    if (now % every === 0) {
      state = { ...state, entries: state.entries + 10 };
      watch.poke(state);
    }
    while (clock.step(now + 10)) for (let turn = 0; turn < 4; turn++) await null;
  }
  watch.stop();
  return looks;
};

const never = 1e9;

test('cheap looks keep their pace: 2 a second in silence, 4 where something changes', async () => {
  expect(await looksInAMinute(0.5, never)).toBeGreaterThanOrEqual(115);
  expect(await looksInAMinute(0.5, 10)).toBeGreaterThanOrEqual(220);
});

test.each([4, 20, 64])('looks of %d ms cost at most 1 % in silence and 2 % amid changes', async ms => {
  const silent = await looksInAMinute(ms, never);
  const busy = await looksInAMinute(ms, 10);
  expect(silent).toBeGreaterThan(2);
  // The first two are taken before a cost is known.
  expect((silent - 2) * ms).toBeLessThanOrEqual(600);
  expect((busy - 2) * ms).toBeLessThanOrEqual(1200);
});

test('one slow look among cheap ones changes nothing', async () => {
  const clock = createSimulatedClock();
  const state = watched();
  const at: number[] = [];
  const watch = watchKernel(
    {
      sample: async () => {
        at.push(clock.now());
        return { source: 'kernel', samples: [] };
      },
      cost: () => ({ ms: at.length === 3 ? 100 : 0.5 }),
    },
    clock,
    () => state,
    () => false,
  );
  watch.poke(state);
  while (clock.step(5000)) for (let turn = 0; turn < 4; turn++) await null;
  watch.stop();
  expect(at.length).toBeGreaterThanOrEqual(10);
});

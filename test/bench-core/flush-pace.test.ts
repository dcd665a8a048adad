import { describe, expect, test } from 'vitest';
import { createFlushPace } from '../../source/bench/engine/flush-pace.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';

/** Entries come in, `perMs` of them each millisecond, until `until`; when they were folded and when they were told. */
const paced = (perMs: number, until: number, keys: readonly number[] = []) => {
  const clock = createSimulatedClock();
  const folded: number[] = [];
  const told: number[] = [];
  let inbox = 0;
  let untold = 0;
  const drain = () => {
    folded.push(clock.now());
    untold += inbox;
    inbox = 0;
  };
  const flush = () => {
    pace.flushed();
    drain();
    if (untold > 0) told.push(clock.now());
    untold = 0;
  };
  const pace = createFlushPace({ clock, now: clock.now, untold: () => untold + inbox, drain, flush });
  const come = (at: number) => {
    inbox += perMs;
    pace.due();
    if (keys.includes(at)) flush();
    if (at < until) clock.after(1, () => come(at + 1));
  };
  come(0);
  while (clock.step(until + 500));
  return { folded, told, left: untold + inbox };
};

describe('entries are folded and told', () => {
  test('within some ms where there was nothing before', () => {
    expect(paced(1, 0).told).toEqual([4]);
  });

  test('thirty times a second while a few come', () => {
    const { told } = paced(1, 1_000);
    expect(told.length).toBeGreaterThanOrEqual(30);
    expect(told.length).toBeLessThanOrEqual(32);
  });

  test('ten times a second in a flood, which is folded as often as ever', () => {
    const { folded, told, left } = paced(100, 1_000);
    expect(told.length).toBeLessThanOrEqual(12);
    expect(folded.length).toBeGreaterThanOrEqual(30);
    expect(left).toBe(0);
  });

  test('at once where a key asks, in a flood too', () => {
    expect(paced(100, 1_000, [250, 251]).told).toEqual(expect.arrayContaining([250, 251]));
  });

  test('the last ones too, within a tenth of a second', () => {
    expect(paced(100, 1_000).told.at(-1)).toBeLessThanOrEqual(1_100);
  });
});

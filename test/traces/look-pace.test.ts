import { describe, expect, test } from 'vitest';
import { createLookPace } from '../../source/traces/looks/look-pace.ts';

/** A pace whose whole looks take so many ms each. */
const paced = (cost: number, { isKnot = false, moves = false } = {}) => {
  const pace = createLookPace();
  return {
    ...pace,
    /** Whether the look at a time, which found these standing, is a whole one. */
    look: (at: number, ...standing: readonly string[]): boolean => {
      const due = pace.isDue({ at, standing });
      if (due) pace.took({ at, standing }, { cost, isKnot, moves });
      return due;
    },
  };
};

/** Times at which one is, of all every so many ms. */
const wholes = (look: (at: number) => boolean, from: number, every: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index * every).filter(look);

describe('when looks are whole ones', () => {
  test('who comes to stand after a rest is seen whole at once, a few times in a row', () => {
    const { look } = paced(20);
    expect(look(0)).toBe(true);
    expect([10, 20, 30].map(at => look(400 + at, `at ${at}`))).toEqual([true, true, true]);
    expect(look(440, 'at 40')).toBe(false);
  });

  test('what changes all the time takes its share, and is not put off for ever', () => {
    const count = (cost: number) => {
      const { look } = paced(cost);
      return wholes(at => look(at, `at ${at}`), 0, 10, 1_000).length;
    };
    // Ten seconds: 5 ms each take 50 of them; 100 ms each would be put off by a second, and are by a fifth.
    expect(count(5)).toBeGreaterThanOrEqual(200);
    expect(count(5)).toBeLessThanOrEqual(204);
    expect(count(100)).toBeGreaterThanOrEqual(50);
    expect(count(100)).toBeLessThanOrEqual(54);
  });

  test('who goes on is waited for to stand again, but not for long', () => {
    const { look } = paced(2);
    look(0, 'one', 'other');
    expect([300, 390].map(at => look(at, 'one'))).toEqual([false, false]);
    expect(look(395, 'one', 'other again')).toBe(true);
    expect([450, 500, 549, 550].map(at => look(at, 'one'))).toEqual([false, false, false, true]);
  });

  test('bytes on their way to who stands are looked at a few times more, and what is at rest is not', () => {
    const moving = paced(2, { moves: true });
    moving.look(0);
    expect(wholes(at => moving.look(at, 'both'), 400, 100, 15)).toEqual([400, 500, 600, 700, 1200, 1700]);
    const still = paced(2);
    still.look(0);
    expect(wholes(at => still.look(at, 'both'), 400, 100, 15)).toEqual([400, 900, 1400]);
    // At a machine of thousands of sockets each takes 40 ms.
    const slow = paced(40);
    slow.look(0);
    expect(wholes(at => slow.look(at), 100, 100, 25)).toEqual([1000, 2000]);
  });
});

test('where looks may be patient they become rare while nothing is told, and common again once something is', () => {
  const pace = createLookPace(true);
  const look = (at: number): boolean => {
    const found = { at, standing: ['both'] };
    const due = pace.isDue(found);
    if (due) pace.took(found, { cost: 2, isKnot: false, moves: false });
    return due;
  };
  pace.stirred(0);
  expect(wholes(look, 0, 500, 21)).toEqual([0, 1500, 3000, 4500, 6500, 8500]);
  expect(wholes(look, 30_000, 500, 13)).toEqual([30_000, 32_000, 34_000, 36_000]);
  pace.stirred(36_000);
  expect(wholes(look, 36_100, 100, 12)).toEqual([37_200]);
});

describe('how soon the next look is wanted', () => {
  const rested = { at: 100, standing: [] };

  test('soon where a thread has come into a call, and a busy one is not run after', () => {
    const { look, within } = paced(2);
    look(0);
    const waits = [true, true, true, false, false, true].map(fresh => within(rested, fresh));
    expect(waits).toEqual([10, 400, 400, 400, 400, 10]);
  });

  test('soon where those seen to wait for each other were seen once, until they have moved for long', () => {
    const { look, within, isUnsteady } = paced(2, { isKnot: true });
    const waits = Array.from({ length: 8 }, (_, at) => {
      look(at, 'both');
      return isUnsteady() ? within({ at, standing: ['both'] }, false) : null;
    });
    expect(waits).toEqual([10, 20, 40, 80, 160, null, null, null]);
  });

  test('when a whole look that was put off may be taken', () => {
    const { look, within } = paced(5);
    for (const at of [0, 1, 2]) look(at, `at ${at}`);
    expect(look(10, 'at 10')).toBe(false);
    expect(within({ at: 10, standing: ['at 10'] }, false)).toBe(40);
    expect(look(50, 'at 50')).toBe(true);
  });
});

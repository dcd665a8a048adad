import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldRepeats, isRepeat, type Numbered } from '../../source/formats/python/fold-repeats.ts';

const numbered = (keys: string, ids = [...keys].map((_, index) => index + 1)): Numbered[] =>
  [...keys].map((key, index) => ({ key, id: ids[index]! }));

const unfold = (items: ReturnType<typeof foldRepeats<Numbered>>): Numbered[] =>
  items.flatMap(item => {
    if (!isRepeat(item)) return [{ id: item.id, key: item.key }];
    const { times, stride, first } = item;
    return Array.from({ length: times }, (_, n) =>
      first.map(({ id, key }) => ({ id: id + stride * n, key })),
    ).flat();
  });

describe('items that repeat', () => {
  test('become rounds of the shortest length', () => {
    const [before, rounds, after] = foldRepeats(numbered('xababababy'));
    expect(before).toMatchObject({ key: 'x' });
    expect(rounds).toMatchObject({
      times: 4,
      stride: 2,
      first: [{ id: 2 }, { id: 3 }],
      last: [{ id: 8 }, { id: 9 }],
    });
    expect(after).toMatchObject({ key: 'y' });
  });

  test('stay as they are where the rounds are few, or the ids do not grow evenly', () => {
    expect(foldRepeats(numbered('ababab')).some(isRepeat)).toBe(false);
    expect(foldRepeats(numbered('aaaaa', [1, 2, 4, 8, 16])).some(isRepeat)).toBe(false);
  });

  test('are the same items when the rounds are counted out again', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer({ min: 1, max: 2 })), { maxLength: 60 }), pairs => {
        let id = 0;
        const items = pairs.map(([each, step]) => {
          id += step;
          return { key: each, id };
        });
        expect(unfold(foldRepeats(items))).toEqual(items);
      }),
    );
  });
});

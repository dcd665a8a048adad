import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spansOf } from '../../source/core/bytes/find-spans.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('places are as indexOf finds them, one behind the other', () => {
  const letters = fc.array(fc.constantFrom(0, 0x41, 0x61, 0xff), { maxLength: 40 });
  fc.assert(
    fc.property(letters, letters, (whole, part) => {
      const text = Buffer.from(whole);
      const sought = Buffer.from(part.slice(0, 4));
      const expected: { from: number; to: number }[] = [];
      if (sought.length > 0)
        for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length))
          expected.push({ from: at, to: at + sought.length });
      expect(spansOf(text, sought, false)).toEqual(expected);
    }),
  );
});

test('letters of ASCII are found in either case where that is asked for', () => {
  expect(spansOf(bytes('HTTP http'), bytes('Http'), true)).toEqual([
    { from: 0, to: 4 },
    { from: 5, to: 9 },
  ]);
  expect(spansOf(bytes('HTTP http'), bytes('http'), false)).toEqual([{ from: 5, to: 9 }]);
  expect(spansOf(bytes('\xe9\xc9'), bytes('\xe9'), true)).toEqual([{ from: 0, to: 1 }]);
});

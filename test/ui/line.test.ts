import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  clip,
  drawnLine,
  fitted,
  line,
  lineWidth,
  span,
  spread,
  widthOf,
} from '../../source/ui/parts/styled-line.ts';

const text = (spans: readonly { text: string }[]): string => spans.map(part => part.text).join('');

describe('a line of the screen', () => {
  test('is filled up, or cut with the ellipsis, to its width', () => {
    expect(text(fitted(line('abc'), 5))).toBe('abc  ');
    expect(text(fitted(line('abcdef'), 5))).toBe('abcd…');
    expect(text(fitted(line('abcdef'), 5, '...'))).toBe('ab...');
  });

  test('is drawn with nothing in it that a terminal obeys, whatever it was made of', () => {
    expect(text(drawnLine(line('a\x1b[2J', '\u0301b\u202e'), 30, '…'))).toBe(
      'a\\x1b[2J\\u{301}b\\u{202e}'.padEnd(30),
    );
  });

  test('takes as many columns as string-width says, whatever is in it', () => {
    const chinese = fc.stringMatching(
      /^[a-z \u2014\u2018-\u201d…→\u2500-\u259f\u3000-\u3040\u4e00-\u9fff\uff00-\uff62]{0,20}$/u,
    );
    const anything = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(chinese, anything), some => {
        fc.pre(!/[\x00-\x1f\x7f]/.test(some));
        expect(widthOf(some)).toBe(stringWidth(some));
      }),
      { numRuns: 500 },
    );
    for (const [from, to] of [
      [0x2014, 0x201f],
      [0x2500, 0x25a1],
      [0x2ff0, 0x3042],
      [0x4e00, 0xa000],
      [0xff00, 0xff62],
    ] as const)
      for (let code = from; code < to; code++) {
        const some = `a${String.fromCharCode(code)}`;
        expect([some, widthOf(some)]).toEqual([some, stringWidth(some)]);
      }
  });

  test('never cuts a wide character in two', () => {
    expect(text(fitted(line('中文中文'), 6))).toBe('中文… ');
    expect(clip('中文', 3)).toBe('中');
    expect(clip('👩‍🚀x', 1)).toBe('');
  });

  test('keeps the right part whole', () => {
    expect(text(spread(line('a long left part'), line(' 3.2s'), 12))).toBe('a long… 3.2s');
  });

  test('is as wide as asked for, whatever it holds', () => {
    const spans = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }).map(part => span(part)));
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 40 }), (parts, width) => {
        fc.pre(parts.every(part => !/[\p{C}\p{M}]/u.test(part.text)));
        expect(lineWidth(fitted(line(...parts), width))).toBe(width);
      }),
    );
  });

  test('counts box drawing as one column', () => {
    expect(widthOf('║═╔…→█')).toBe(6);
  });
});

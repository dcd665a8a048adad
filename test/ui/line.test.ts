import fc from 'fast-check';
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

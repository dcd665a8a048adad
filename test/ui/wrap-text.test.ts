import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../source/ui/parts/styled-line.ts';
import { wrap, wrapText } from '../../source/ui/parts/wrap-text.ts';

describe('wrapping', () => {
  test('breaks at spaces, and keeps those inside a row', () => {
    expect(wrapText('send "a  b" and more', 12)).toEqual(['send "a  b"', 'and more']);
  });

  test('indents what goes on', () => {
    expect(wrapText('one two three', 7, 2)).toEqual(['one two', '  three']);
  });

  test('cuts a word longer than a row', () => {
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  test('breaks between wide characters, but not before their punctuation or after an opening one', () => {
    expect(wrapText('服务器很慢，不调用', 10)).toEqual(['服务器很', '慢，不调用']);
    expect(wrapText('他说（谢谢）', 6)).toEqual(['他说', '（谢', '谢）']);
  });

  test('gives an empty text one empty row', () => expect(wrapText('', 10)).toEqual(['']));

  test('loses nothing but blanks, and keeps to the width', () => {
    const words = fc.stringMatching(/^[a-z "中文，。（）]{0,60}$/);
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 30 }), (text, width) => {
        const rows = wrapText(text, width);
        expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('breaks words of ASCII where it breaks words of other letters', () => {
    const words = fc.stringMatching(/^[a-c "'(),.:]{0,80}$/);
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 30 }), fc.nat(3), (text, width, indent) => {
        const other = (row: string) => row.replace(/[a-c]/g, letter => 'äöü'['abc'.indexOf(letter)]!);
        expect(wrapText(`${text} a`, width, indent).map(other)).toEqual(
          wrapText(`${other(text)} ä`, width, indent),
        );
      }),
    );
  });

  test('gives lines of one role', () => {
    expect(wrap('one two three', 7, 'bad')).toEqual([
      [{ text: 'one two', role: 'bad' }],
      [{ text: 'three', role: 'bad' }],
    ]);
    expect(wrap('', 4)).toEqual([[{ text: '', role: 'plain' }]]);
  });
});

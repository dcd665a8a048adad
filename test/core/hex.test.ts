import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHex, hexRows, parseHex } from '../../source/core/bytes/hex.ts';

describe('hex', () => {
  it('reads back the same bytes, with blanks and without', () => {
    fc.assert(
      fc.property(fc.uint8Array(), data => {
        const text = formatHex(data);
        expect(parseHex(text)).toEqual({ ok: true, value: data });
        expect(parseHex(text.replaceAll(' ', '').toUpperCase())).toEqual({ ok: true, value: data });
      }),
    );
  });

  it.each([
    ['01 3', 3, /half a byte: write two digits, 03/],
    ['0 1', 0, /half a byte/],
    ['01 0g', 4, /"g" is no hex digit/],
    ['zz', 0, /"z" is no hex digit/],
  ])('%s is refused at its column', (text, column, message) => {
    const result = parseHex(text);
    expect(result).toMatchObject({ ok: false, column });
    expect(!result.ok && result.message).toMatch(message);
  });

  it('dumps rows of 16 bytes: offset, two groups of eight, ASCII', () => {
    const data = Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? 0x1b : 0x40 + i));
    expect(hexRows(data)).toEqual([
      {
        offset: '00000000',
        hex: '1b 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f',
        text: '.ABCDEFGHIJKLMNO',
      },
      { offset: '00000010', hex: `50 51 52 53${' '.repeat(37)}`, text: 'PQRS' },
    ]);
  });

  it('makes only the rows asked for', () => {
    const data = new Uint8Array(100);
    expect(hexRows(data, 5, 10).map(row => row.offset)).toEqual(['00000050', '00000060']);
    expect(hexRows(data, 9)).toEqual([]);
    expect(formatHex(data, 2)).toBe('00 00');
  });
});

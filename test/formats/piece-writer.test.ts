import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeLines } from '../../source/core/bytes/printable.ts';
import { PieceWriter } from '../../source/formats/piece-writer.ts';

const anyText = fc.string({
  unit: fc.constantFrom(
    'a',
    '~',
    ' ',
    '\n',
    'abcd',
    '\x1f',
    '\x7f',
    '\t',
    '\r',
    'é',
    '\u2028',
    '漢',
    '\ud83d\ude00',
    '\ud83d',
    'ÿ',
  ),
  maxLength: 12,
});

it('writes what is plain, and of anything else nothing, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 6 }), texts => {
      const out = new PieceWriter();
      let expected = '';
      for (const text of texts) {
        const isPlain = /^[\x20-\x7e\n]*$/.test(text);
        expect(out.plain(text)).toBe(isPlain);
        // Nothing is left behind of what was not taken: whoever makes room gets zeros.
        out.room(2);
        expected += `${isPlain ? text : ''}\0\0`;
        if (isPlain) expect(safeLines(text)).toBe(text);
      }
      expect(Buffer.concat([...out.take()]).toString()).toBe(expected);
    }),
  );
});

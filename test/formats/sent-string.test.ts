import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import { between, droppedPiece, pieceOf } from '../../source/formats/pieces.ts';
import { sentString, straceString } from '../../source/formats/strace/strace-words.ts';

const literal = (data: Uint8Array): Bytes => ({ kind: 'literal', data, notation: 'text' });

const sent: readonly Bytes[] = [
  literal(Buffer.from('GET /\r\n')),
  literal(Buffer.from('GET /\r\n1')),
  literal(new Uint8Array(1_025).fill(0x61)),
  literal(new Uint8Array(0)),
  { kind: 'repeat', size: 7, unit: Uint8Array.of(0x62) },
  { kind: 'dropped', size: 7 },
];

it('of what was sent is the same whatever was sent before', () => {
  const pieces = fc.record({
    bytes: fc.constantFrom(...sent),
    from: fc.nat(3),
    to: fc.nat(8),
    more: fc.boolean(),
    whole: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), list => {
      for (const { bytes, from, to, more, whole } of list) {
        const one = whole ? [pieceOf(bytes)] : between([pieceOf(bytes)], from, to);
        const all = more ? [...one, droppedPiece(3)] : one;
        expect(sentString(all)).toBe(straceString(all));
      }
    }),
  );
});

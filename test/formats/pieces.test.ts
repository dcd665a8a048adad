import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, wordSum } from '../../source/formats/pcapng/ip-packets.ts';
import {
  asOne,
  between,
  chunksOf,
  literalPiece,
  type Piece,
  pieceOf,
  piecesLength,
} from '../../source/formats/pieces.ts';

const anyPiece: fc.Arbitrary<Piece> = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map(literalPiece),
  fc
    .record({
      kind: fc.constant('repeat' as const),
      size: fc.nat({ max: 60 }),
      unit: fc.uint8Array({ minLength: 1, maxLength: 5 }),
    })
    .map(pieceOf),
);

const anyPieces = fc.array(anyPiece, { maxLength: 5 });

describe('pieces of payloads', () => {
  it('are cut into chunks that join to the same bytes, all but the last full', () => {
    fc.assert(
      fc.property(anyPieces, fc.integer({ min: 1, max: 40 }), (pieces, size) => {
        const chunks = [...chunksOf(pieces, size)];
        expect(Buffer.concat(chunks.map(({ data }) => data!))).toEqual(Buffer.from(asOne(pieces).data));
        expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(chunks.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });

  it('are sliced as their bytes are', () => {
    fc.assert(
      fc.property(anyPieces, fc.nat({ max: 100 }), fc.nat({ max: 100 }), (pieces, from, to) => {
        expect(Buffer.from(asOne(between(pieces, from, to)).data)).toEqual(
          Buffer.from(asOne(pieces).data.subarray(from, Math.max(from, to))),
        );
      }),
    );
  });

  it('keep the length of what is no longer known, apart from what is', () => {
    const pieces = [
      literalPiece(Uint8Array.of(1, 2)),
      pieceOf({ kind: 'dropped', size: 5 }),
      literalPiece(Uint8Array.of(3)),
    ];
    expect(piecesLength(pieces)).toBe(8);
    expect([...chunksOf(pieces, 4)].map(({ data, length }) => [data && [...data], length])).toEqual([
      [[1, 2], 2],
      [null, 4],
      [null, 1],
      [[3], 1],
    ]);
    expect(asOne(pieces)).toEqual({ data: Uint8Array.of(1, 2), length: 8 });
  });
});

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

describe('the Internet checksum', () => {
  it("is RFC 1071's for its own example", () => {
    const example = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(checksumOf(wordSum(viewOf(example)))).toBe(~0xddf2 & 0xffff);
  });

  it('makes any bytes that hold it sum to nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => {
        const even = bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]);
        const sum = checksumOf(wordSum(viewOf(bytes)));
        expect(checksumOf(wordSum(viewOf(Uint8Array.from([...even, sum >> 8, sum & 255]))))).toBe(0);
      }),
    );
  });
});

import { type Bytes, byteLength, slice } from '../core/bytes/bytes.ts';

/** A part of what a call sent or received, as it stands in the journal: nothing is copied until it is written. */
export type Piece = { readonly bytes: Bytes; readonly start: number; readonly length: number };

/** Bytes of an entry, by the place where it can be read again. */
export type PieceSource = (place: number) => Bytes;

/** A piece whose bytes are known, and read when they are looked at. */
export class StoredPiece implements Piece {
  readonly source: PieceSource;
  readonly place: number;
  readonly start: number;
  readonly length: number;

  constructor(source: PieceSource, place: number, start: number, length: number) {
    this.source = source;
    this.place = place;
    this.start = start;
    this.length = length;
  }

  get bytes(): Bytes {
    return this.source(this.place);
  }
}

/** How pieces are made of what a call sent, and of what it received. */
export type PieceMakers = {
  readonly sent: (bytes: Bytes) => Piece;
  readonly received: (data: Uint8Array, dropped?: number) => Piece[];
};

/** Bytes of a chunk; null where the journal has only their number left. */
export type Chunk = { readonly data: Uint8Array | null; readonly length: number };

export const pieceOf = (bytes: Bytes): Piece => ({ bytes, start: 0, length: byteLength(bytes) });

export const literalPiece = (data: Uint8Array): Piece => pieceOf({ kind: 'literal', data, notation: 'text' });

export const droppedPiece = (size: number): Piece => pieceOf({ kind: 'dropped', size });

/** What a receive brought, with what the payload cap has taken away since. */
export const receivedPieces = (data: Uint8Array, dropped = 0): Piece[] =>
  [literalPiece(data), droppedPiece(dropped)].filter(({ length }) => length > 0);

export const piecesLength = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

const cut = (piece: Piece, from: number, length: number): Piece =>
  piece instanceof StoredPiece
    ? new StoredPiece(piece.source, piece.place, piece.start + from, length)
    : { bytes: piece.bytes, start: piece.start + from, length };

/** Pieces that hold their bytes. */
export const heldPieces: PieceMakers = { sent: pieceOf, received: receivedPieces };

/** Bytes `from` up to `to` of them. */
export const between = (pieces: readonly Piece[], from: number, to: number): Piece[] => {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, piece.length);
    if (last > first) found.push(cut(piece, first, last - first));
    at += piece.length;
  }
  return found;
};

const isKnownBytes = (bytes: Bytes): boolean =>
  bytes.kind !== 'dropped' && !(bytes.kind === 'file' && bytes.data === null);

const isKnown = (piece: Piece): boolean => piece instanceof StoredPiece || isKnownBytes(piece.bytes);

/** Pieces of the entry that stands at the place `here` says, which `at` reads again. */
export const storedPieces = (
  here: () => number,
  at: Readonly<Record<'sent' | 'received', PieceSource>>,
): PieceMakers => ({
  sent: bytes =>
    isKnownBytes(bytes) && bytes.kind !== 'repeat'
      ? new StoredPiece(at.sent, here(), 0, byteLength(bytes))
      : pieceOf(bytes),
  received: (data, dropped = 0) => [
    ...(data.length > 0 ? [new StoredPiece(at.received, here(), 0, data.length)] : []),
    ...receivedPieces(new Uint8Array(0), dropped),
  ],
});

const dataOf = (pieces: readonly Piece[]): Uint8Array => {
  const [only] = pieces;
  if (only && pieces.length === 1) return slice(only.bytes, only.start, only.length);
  const whole = new Uint8Array(piecesLength(pieces));
  let at = 0;
  for (const { bytes, start, length } of pieces) {
    whole.set(slice(bytes, start, length), at);
    at += length;
  }
  return whole;
};

/** All of it in one chunk; where a part is unknown, what stands before that part, and the whole length. */
export const asOne = (pieces: readonly Piece[]): Chunk & { readonly data: Uint8Array } => {
  const gap = pieces.findIndex(piece => !isKnown(piece));
  return { data: dataOf(gap < 0 ? pieces : pieces.slice(0, gap)), length: piecesLength(pieces) };
};

/** The one chunk that a piece is which is not longer; null: there are others, or none. */
export const onlyChunk = (pieces: readonly Piece[], size: number): Chunk | null => {
  const [only] = pieces;
  if (!only || pieces.length > 1 || only.length === 0 || only.length > size) return null;
  return { data: isKnown(only) ? dataOf(pieces) : null, length: only.length };
};

/** Chunks of at most `size` bytes; a chunk is known or unknown, never both. */
export function* chunksOf(pieces: readonly Piece[], size: number): Generator<Chunk> {
  let gathered: Piece[] = [];
  let length = 0;
  function* flush(): Generator<Chunk> {
    if (length > 0) yield { data: isKnown(gathered[0]!) ? dataOf(gathered) : null, length };
    gathered = [];
    length = 0;
  }
  for (const piece of pieces) {
    if (gathered[0] && isKnown(gathered[0]) !== isKnown(piece)) yield* flush();
    for (let at = 0; at < piece.length; ) {
      const part = cut(piece, at, Math.min(piece.length - at, size - length));
      gathered.push(part);
      length += part.length;
      at += part.length;
      if (length === size) yield* flush();
    }
  }
  yield* flush();
}

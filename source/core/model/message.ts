import { type Bytes, joined } from '../bytes/bytes.ts';
import { checksums } from '../bytes/checksums.ts';
import { type Format, isChecksum, type Piece, valuesInTime } from '../language/message-values.ts';
import { type Parsed, parsed, type Refused, refused } from '../language/parsed.ts';
import { t } from '../words/translate.ts';

/** What a message is made with: `n` its number on its socket, `at` in ms since 1970. */
export type Moment = { readonly n: number; readonly at: number };

const encoder = new TextEncoder();

const raw = (number: number, { notation, width }: Format): Uint8Array => {
  const bytes = new Uint8Array(8);
  // Modulo 2**64, then the lowest bytes of it.
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(Math.trunc(number))));
  const lowest = bytes.slice(8 - width);
  return notation === 'le' ? lowest.reverse() : lowest;
};

const written = (number: number, format: Format): Uint8Array => {
  switch (format.notation) {
    case 'be':
    case 'le':
      return raw(number, format);
    case 'hex':
      return encoder.encode(number.toString(16).padStart(format.width, '0'));
    case 'HEX':
      return encoder.encode(number.toString(16).toUpperCase().padStart(format.width, '0'));
    case 'dec':
      return encoder.encode(String(number).padStart(format.width, '0'));
  }
};

const isRaw = ({ notation }: Format): boolean => notation === 'be' || notation === 'le';

/** A sum keeps what its bytes or its digits hold; in decimal digits it is that of one byte. */
const modulus = ({ notation, width }: Format): number => {
  if (notation === 'dec') return 256;
  return 2 ** Math.min(48, isRaw({ notation, width }) ? 8 * width : 4 * width);
};

/** Where each piece begins, and the end behind the last. */
const startsOf = (parts: readonly Uint8Array[]): number[] => {
  const starts = [0];
  for (const part of parts) starts.push(starts.at(-1)! + part.length);
  return starts;
};

type Range = { readonly from: number; readonly to: number };

const none = new Uint8Array(0);

const refuse = (at: { readonly column: number }, message: string): Refused => refused(message, at.column, 2);

type Marks = ReadonlyMap<string, number>;

/** Marks by name, each the piece it stands at. */
const marksOf = (pieces: readonly Piece[]): Parsed<Marks> => {
  const marks = new Map<string, number>();
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'mark') continue;
    if (marks.has(piece.name)) return refuse(piece, t`the mark @${piece.name} is set twice`);
    marks.set(piece.name, index);
  }
  return parsed(marks);
};

/** The bytes that the value of piece `index` is made of, in the message whose pieces begin at `starts`. */
const rangeOf = (
  piece: Extract<Piece, { kind: 'value' }>,
  index: number,
  starts: readonly number[],
  marks: Marks,
): Parsed<Range> => {
  const { name, from, to } = piece.value;
  for (const mark of [from, to])
    if (mark !== '' && !marks.has(mark))
      return refuse(piece, t`the message has no mark ${mark}: \\{@${mark}} sets it`);
  const [own, behind, end] = [starts[index]!, starts[index + 1]!, starts.at(-1)!];
  const start = from === '' ? (name === 'len' ? behind : 0) : starts[marks.get(from)!]!;
  const open = name === 'len' || start >= behind ? end : own;
  const stop = to === '' ? open : starts[marks.get(to)!]!;
  if (stop < start) return refuse(piece, t`the range of ${name} ends before it begins`);
  if (name !== 'len' && start < behind && stop > own)
    return refuse(piece, t`${name} cannot be made of bytes that it is among: end its range with a mark`);
  return parsed({ from: start, to: stop });
};

const isLength = (piece: Piece): piece is Extract<Piece, { kind: 'value' }> =>
  piece.kind === 'value' && piece.value.name === 'len';

/** Lengths, until they no longer change the length of what has them in it: digits only ever become more. */
const withLengths = (pieces: readonly Piece[], first: readonly Uint8Array[], marks: Marks) => {
  let parts = [...first];
  for (;;) {
    const starts = startsOf(parts);
    const next = [...parts];
    for (const [index, piece] of pieces.entries()) {
      if (!isLength(piece)) continue;
      const range = rangeOf(piece, index, starts, marks);
      if (!range.ok) return range;
      const { format } = piece.value;
      const length = range.value.to - range.value.from;
      if (isRaw(format) && length >= 256 ** format.width)
        return refuse(piece, t`a length of ${length} does not fit into ${format.width} bytes`);
      next[index] = written(length, format);
    }
    const grown = next.some((part, index) => part.length !== parts[index]!.length);
    parts = next;
    if (!grown) return parsed(parts);
  }
};

/** What is known before the lengths: bytes, numbers and times; of checksums only the size. */
const firstPart = (piece: Piece, { n, at }: Moment): Uint8Array => {
  if (piece.kind === 'mark') return none;
  if (piece.kind === 'bytes') return piece.data;
  const { name, format } = piece.value;
  switch (name) {
    case 'n':
      return written(n, format);
    case 'time':
      return encoder.encode(new Date(at).toISOString());
    case 'unix':
      return written(Math.floor(at / 1000), format);
    case 'unixms':
      return written(Math.floor(at), format);
    default:
      return isRaw(format) || isChecksum(name) ? new Uint8Array(format.width) : none;
  }
};

/** Puts the checksums in, each after those that it covers. */
const withChecksums = (
  pieces: readonly Piece[],
  parts: readonly Uint8Array[],
  marks: Marks,
): Parsed<Uint8Array> => {
  const starts = startsOf(parts);
  const all = joined(parts);
  const done = new Map<number, 'begun' | 'done'>();

  const put = (index: number): Refused | null => {
    const piece = pieces[index]!;
    if (piece.kind !== 'value' || !isChecksum(piece.value.name) || done.get(index) === 'done') return null;
    const { name, format } = piece.value;
    if (done.has(index)) return refuse(piece, t`${name} is made of a checksum that is made of it`);
    done.set(index, 'begun');
    const range = rangeOf(piece, index, starts, marks);
    if (!range.ok) return range;
    const { from, to } = range.value;
    for (const other of pieces.keys()) {
      const covered = starts[other]! < to && starts[other + 1]! > from;
      const trouble = covered ? put(other) : null;
      if (trouble) return trouble;
    }
    const number = checksums[name].of(all.subarray(from, to));
    if (!number.ok) return refuse(piece, number.message);
    all.set(written(name === 'sum' ? number.value % modulus(format) : number.value, format), starts[index]!);
    done.set(index, 'done');
    return null;
  };

  for (const index of pieces.keys()) {
    const trouble = put(index);
    if (trouble) return trouble;
  }
  return parsed(all);
};

/** The bytes of a message at a moment; refused at the column of the value that cannot be had. */
export const makeMessage = (pieces: readonly Piece[], moment: Moment): Parsed<Uint8Array> => {
  const marks = marksOf(pieces);
  if (!marks.ok) return marks;
  const first = pieces.map(piece => firstPart(piece, moment));
  const parts = withLengths(pieces, first, marks.value);
  return parts.ok ? withChecksums(pieces, parts.value, marks.value) : parts;
};

const inTime = (pieces: readonly Piece[]): boolean =>
  pieces.some(piece => piece.kind === 'value' && valuesInTime.includes(piece.value.name));

/** Any moment, for a message that is to be tried: the first of a socket. */
const trial: Moment = { n: 1, at: 0 };

/** A message as the bytes of a call: these where they are known already, else to be made when it is sent. */
export const messageBytes = (pieces: readonly Piece[], notation: 'text' | 'hex'): Parsed<Bytes> => {
  const tried = makeMessage(pieces, trial);
  if (!tried.ok) return tried;
  return parsed(
    inTime(pieces)
      ? { kind: 'composed', pieces, notation, size: tried.value.length }
      : { kind: 'literal', data: tried.value, notation },
  );
};

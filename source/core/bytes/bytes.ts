import type { Piece } from '../language/message-values.ts';

/**
 * Bytes as they were written in a line, so that `64MiB of "x"` stays four words in the journal and on
 * screen and is only materialised chunk by chunk by the driver. `file` keeps the path for display; its
 * contents are read by the caller before the call is made. `composed` has values that are known once it is made: the
 * bench puts literal bytes in its place, and no entry has it. `size` is what it comes to, within some digits. `dropped` is what stands in an old entry's call once
 * the journal's payload cap has taken its bytes away: only how many they were is left.
 */
export type Bytes =
  | { readonly kind: 'literal'; readonly data: Uint8Array; readonly notation: 'text' | 'hex' }
  | { readonly kind: 'repeat'; readonly size: number; readonly unit: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly data: Uint8Array | null }
  | {
      readonly kind: 'composed';
      readonly pieces: readonly Piece[];
      readonly notation: 'text' | 'hex';
      readonly size: number;
    }
  | { readonly kind: 'dropped'; readonly size: number };

/** How many bytes a call with this argument hands over; 0 for a file that was not read. */
export const byteLength = (bytes: Bytes): number => {
  switch (bytes.kind) {
    case 'literal':
      return bytes.data.length;
    case 'repeat':
    case 'composed':
    case 'dropped':
      return bytes.size;
    case 'file':
      return bytes.data?.length ?? 0;
  }
};

/**
 * The bytes from `start`, at most `length` of them. Literals and files are returned as views, or as they are; a repeat is
 * filled into `scratch` (at least `length` long) where one is given.
 */
export const slice = (bytes: Bytes, start: number, length: number, scratch?: Uint8Array): Uint8Array => {
  const end = Math.min(start + length, byteLength(bytes));
  const count = Math.max(0, end - start);
  if (bytes.kind === 'dropped' || bytes.kind === 'composed') return new Uint8Array(0);
  if (bytes.kind !== 'repeat') {
    const data = bytes.data ?? new Uint8Array(0);
    return count === data.length ? data : data.subarray(start, start + count);
  }
  const view = scratch ? scratch.subarray(0, count) : new Uint8Array(count);
  const { unit } = bytes;
  if (unit.length === 1) return view.fill(unit[0]!);
  let filled = Math.min(count, unit.length);
  for (let i = 0; i < filled; i++) view[i] = unit[(start + i) % unit.length]!;
  // What is filled, whole units, is copied behind itself.
  for (; filled < count; filled *= 2) view.copyWithin(filled, 0, Math.min(filled, count - filled));
  return view;
};

/** The pieces one behind the other, in memory of its own. */
export const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** The whole of it in one array. A 64 MiB repeat becomes 64 MiB of memory: for comparisons, not for sending. */
export const materialise = (bytes: Bytes): Uint8Array => slice(bytes, 0, byteLength(bytes));

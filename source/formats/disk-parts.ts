import type { Piece } from './encoding-thread.ts';

/** Parts of one write: IOV_MAX of Linux is 1,024 (writev(2)). */
const mostParts = 512;

/** A file being written. */
export type Disk = {
  /** Its descriptor, where it has one. */
  readonly fd?: number;
  /** As writev(2): says how many of the bytes the file has got. */
  readonly writev: (parts: Uint8Array[]) => Promise<{ readonly bytesWritten: number }>;
  readonly close: () => Promise<void>;
};

/** What goes into the file in one piece. `back` is called once it is there or never will be. */
export type Part = Piece & { readonly back: ((bytes: Uint8Array) => void) | null };

export const base64Size = (size: number): number => 4 * Math.ceil(size / 3);

/** Bytes of the file that it will be. */
export const sizeOf = ({ bytes, isToEncode }: Piece): number =>
  isToEncode ? base64Size(bytes.length) : bytes.length;

/** As the file will have it. */
export const encoded = ({ bytes, isToEncode }: Piece): Uint8Array =>
  isToEncode
    ? Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'), 'latin1')
    : bytes;

export const sumOf = (parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0);

export const giveBack = (parts: readonly Part[]): void => {
  for (const { bytes, back } of parts) back?.(bytes);
};

/** What is left of parts of which the file has got the first `count` bytes. */
const restOf = (parts: Uint8Array[], count: number): Uint8Array[] => {
  let left = count;
  let first = 0;
  while (first < parts.length && left >= parts[first]!.length) left -= parts[first++]!.length;
  const rest = parts.slice(first);
  if (left > 0) rest[0] = rest[0]!.subarray(left);
  return rest;
};

export const writeAll = async (disk: Disk, parts: Uint8Array[]): Promise<void> => {
  for (let rest = parts; rest.length > 0; ) {
    const { bytesWritten } = await disk.writev(rest.slice(0, mostParts));
    rest = restOf(rest, bytesWritten);
  }
};

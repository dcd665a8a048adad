const partSize = 64 * 1024;

let part = new Uint8Array(0);
let used = 0;

/** Zeroed bytes for a packet or a block, cut from a larger part: memory of its own costs more than to fill it. */
export const roomFor = (size: number): Uint8Array => {
  if (size > partSize / 8) return new Uint8Array(size);
  if (used + size > part.length) {
    part = new Uint8Array(partSize);
    used = 0;
  }
  const bytes = part.subarray(used, used + size);
  used += size;
  return bytes;
};

/** The bytes as numbers, from this place on. */
export const viewOf = (bytes: Uint8Array, from = 0, size = bytes.length - from): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset + from, size);

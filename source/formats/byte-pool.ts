const poolSize = 64 * 1024;

/** Few bytes at a time, cut from a larger part: memory of their own costs more than to fill it, and its end as much again. */
export class BytePool {
  private part = new ArrayBuffer(0);
  private used = 0;

  /** So many zeros, which are nobody else's. */
  room(size: number): Uint8Array {
    if (size > poolSize / 8) return new Uint8Array(size);
    if (this.used + size > this.part.byteLength) {
      this.part = new ArrayBuffer(poolSize);
      this.used = 0;
    }
    const bytes = new Uint8Array(this.part, this.used, size);
    this.used += size;
    return bytes;
  }
}

const zeros: Uint8Array[] = [];

/** So many zeros, which are everybody's: nobody writes to them. */
export const zerosOf = (length: number): Uint8Array => {
  zeros[length] ??= new Uint8Array(length);
  return zeros[length];
};

const poolSize = 64 * 1024;

/** Few bytes at a time, cut from a larger part: memory of their own costs more than to fill it, and its end as much again. */
export class BytePool {
  private part = new ArrayBuffer(0);
  private view = new DataView(this.part);
  private used = 0;

  /** So many zeros, which are nobody else's. */
  room(size: number): Uint8Array {
    if (size > poolSize / 8) return new Uint8Array(size);
    if (this.used + size > this.part.byteLength) {
      this.part = new ArrayBuffer(poolSize);
      this.view = new DataView(this.part);
      this.used = 0;
    }
    const bytes = new Uint8Array(this.part, this.used, size);
    this.used += size;
    return bytes;
  }

  /** These bytes, which are nobody else's. */
  copy(from: DataView, start: number, end: number): Uint8Array {
    const bytes = this.room(end - start);
    if (bytes.buffer !== this.part) {
      bytes.set(new Uint8Array(from.buffer, from.byteOffset + start, end - start));
      return bytes;
    }
    const { view } = this;
    let to = bytes.byteOffset;
    let at = start;
    // Four at a time: to begin a copy of many at once takes as long as a hundred one by one.
    for (; at + 4 <= end; at += 4, to += 4) view.setInt32(to, from.getInt32(at));
    for (; at < end; at++, to++) view.setUint8(to, from.getUint8(at));
    return bytes;
  }
}

const zeros: Uint8Array[] = [];

/** So many zeros, which are everybody's: nobody writes to them. */
export const zerosOf = (length: number): Uint8Array => {
  zeros[length] ??= new Uint8Array(length);
  return zeros[length];
};

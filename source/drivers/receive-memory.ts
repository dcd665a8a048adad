/** Bytes a slab holds: small enough to be freed soon after its last payload, large against one read. */
const slabSize = 1 << 20;

/** Reads of more than this get a buffer of their own, or a slab would be thrown away half empty. */
const largestInSlab = slabSize >> 2;

/** One read takes no more than this, whatever size was asked for: Linux's tcp_rmem ends at about 32 MiB. */
const largestRead = 64 << 20;

type Room = { slab: Buffer; offset: number; length: number };

/**
 * Where received bytes land. The journal keeps them, so they are not reused: each read gets the rest of a slab,
 * and what it left unused goes to the next. Reads are synchronous, so there is one cursor for all.
 */
export type ReceiveMemory = {
  /** Room for a read of `size` bytes: `slab` from `offset` on, `length` bytes long; valid until the next call. */
  readonly room: (size: number) => Readonly<Room>;
  /** The first `count` bytes of the room given last, owned by the caller. */
  readonly keep: (count: number) => Uint8Array;
};

export const createReceiveMemory = (): ReceiveMemory => {
  const cursor: Room = { slab: Buffer.alloc(0), offset: 0, length: 0 };
  const large: Room = { slab: cursor.slab, offset: 0, length: 0 };
  let last = cursor;

  const roomInSlab = (size: number): Room => {
    if (cursor.offset + size > cursor.slab.length) {
      cursor.slab = Buffer.allocUnsafeSlow(slabSize);
      cursor.offset = 0;
    }
    cursor.length = size;
    return cursor;
  };

  const keepInSlab = (count: number): Uint8Array => {
    const { slab, offset } = cursor;
    cursor.offset = offset + count;
    return slab.subarray(offset, offset + count);
  };

  const copied = (count: number): Uint8Array => {
    if (count > largestInSlab) return Uint8Array.prototype.slice.call(large.slab, 0, count);
    const { slab, offset } = roomInSlab(count);
    large.slab.copy(slab, offset, 0, count);
    return keepInSlab(count);
  };

  return {
    room: size => {
      if (size <= largestInSlab) {
        last = cursor;
        return roomInSlab(size);
      }
      last = large;
      large.length = Math.min(size, largestRead);
      if (large.slab.length < large.length) large.slab = Buffer.allocUnsafeSlow(large.length);
      return large;
    },
    keep: count => {
      if (last === cursor) return keepInSlab(count);
      // A short read must not keep all that was asked for alive.
      if (count * 2 < large.slab.length) return copied(count);
      const kept = large.slab.subarray(0, count);
      large.slab = Buffer.alloc(0);
      return kept;
    },
  };
};

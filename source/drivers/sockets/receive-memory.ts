/**
 * Bytes a slab holds: small enough to be freed soon after its last payload, and that one which is written again and again stays
 * in a processor's own cache (1 or 2 MiB): copying into memory that has left it takes a seventh longer.
 */
const slabSize = 1 << 20;

/** Reads of more than this get a buffer of their own, or a slab would be thrown away half empty. */
const largestInSlab = slabSize >> 1;

/** Payloads that others read and that are no larger share a slab: a buffer each costs more to hold than its bytes. */
const largestCopied = 4096;

/** One read takes no more than this, whatever size was asked for: Linux's tcp_rmem ends at about 32 MiB. */
const largestRead = 64 << 20;

/** Free slabs that are kept for later: as much as comes in between two flushes of a fast stream. */
const mostFree = 16;

const nothing = new Uint8Array(0);

type Room = { slab: Buffer; offset: number; length: number };

/** `kept`: payloads in it that are still owned. */
type Slab = { readonly bytes: Buffer; kept: number };

/** Slabs by the memory they have, and those that are free to be written again. */
class Slabs {
  private readonly known = new WeakMap<ArrayBufferLike, Slab>();
  private readonly free: Slab[] = [];

  of(data: Uint8Array): Slab | undefined {
    return this.known.get(data.buffer);
  }

  take(): Slab {
    return this.free.pop() ?? this.made();
  }

  /** It is written to no more: free as soon as nobody owns a payload in it. */
  retire(slab: Slab): void {
    if (slab.kept === 0 && slab.bytes.length > 0 && this.free.length < mostFree) this.free.push(slab);
  }

  private made(): Slab {
    const slab: Slab = { bytes: Buffer.allocUnsafeSlow(slabSize), kept: 0 };
    this.known.set(slab.bytes.buffer, slab);
    return slab;
  }
}

/**
 * Where received bytes land. The journal keeps them, so each read gets the rest of a slab and what it left unused
 * goes to the next. Reads are synchronous, so there is one cursor for all. Memory that is given back is written
 * again: fresh pages cost as much as the copy itself (1.1 against 2.6 GB/s).
 */
export class ReceiveMemory {
  private readonly slabs = new Slabs();
  private current: Slab = { bytes: Buffer.alloc(0), kept: 0 };
  private readonly cursor: Room = { slab: this.current.bytes, offset: 0, length: 0 };
  private readonly large: Room = { slab: this.current.bytes, offset: 0, length: 0 };
  private last = this.cursor;

  /** Room for a read of `size` bytes: `slab` from `offset` on, `length` bytes long; valid until the next call. */
  room(size: number): Readonly<Room> {
    if (size <= largestInSlab) {
      this.last = this.cursor;
      return this.roomInSlab(size);
    }
    const { large } = this;
    this.last = large;
    large.length = Math.min(size, largestRead);
    if (large.slab.length < large.length) large.slab = Buffer.allocUnsafeSlow(large.length);
    return large;
  }

  /** The first `count` bytes of the room given last, owned by the caller. */
  keep(count: number): Uint8Array {
    const { large } = this;
    if (this.last !== large) return this.keepInSlab(count);
    // A short read must not keep all that was asked for alive.
    if (count * 2 < large.slab.length) return this.copied(count);
    const kept = large.slab.subarray(0, count);
    large.slab = Buffer.alloc(0);
    return kept;
  }

  /** A copy of bytes that somebody else has read, owned by the caller. */
  copy(data: Uint8Array): Uint8Array {
    if (data.length === 0) return nothing;
    if (data.length > largestCopied) return Uint8Array.prototype.slice.call(data);
    const { slab, offset } = this.roomInSlab(data.length);
    slab.set(data, offset);
    return this.keepInSlab(data.length);
  }

  /** Bytes that keep() gave and that nobody will look at again. Others are ignored. */
  release(data: Uint8Array): void {
    const slab = this.slabs.of(data);
    if (!slab || slab.kept === 0) return;
    slab.kept--;
    if (slab.kept > 0) return;
    // What was written last is what the processor still has.
    if (slab === this.current) this.cursor.offset = 0;
    else this.slabs.retire(slab);
  }

  private roomInSlab(size: number): Room {
    const { cursor } = this;
    if (cursor.offset + size > this.current.bytes.length) {
      const full = this.current;
      this.current = this.slabs.take();
      cursor.slab = this.current.bytes;
      cursor.offset = 0;
      this.slabs.retire(full);
    }
    cursor.length = size;
    return cursor;
  }

  private keepInSlab(count: number): Uint8Array {
    const { slab, offset } = this.cursor;
    this.cursor.offset = offset + count;
    this.current.kept++;
    return slab.subarray(offset, offset + count);
  }

  /** Out of the large room. */
  private copied(count: number): Uint8Array {
    const from = this.large.slab;
    if (count > largestInSlab) return Uint8Array.prototype.slice.call(from, 0, count);
    const { slab, offset } = this.roomInSlab(count);
    from.copy(slab, offset, 0, count);
    return this.keepInSlab(count);
  }
}

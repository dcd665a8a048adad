import { type Disk, encoded, giveBack, type Part, sizeOf, sumOf, writeAll } from './disk-parts.ts';
import type { EncodingThread } from './encoding-thread.ts';

/** Handed to the system as one part of a write, in bytes: many small pieces are one. */
const chunkSize = 1024 ** 2;

/**
 * Chunks that are kept to be filled again while the disk keeps up. Behind, as many are kept as may wait for it: V8 marks its whole
 * heap again for each few of them that come and go.
 */
const enoughFree = 16;

/** Encoded at a time, in bytes: a multiple of 3, whose base64 is no large object for V8, each of which it maps and collects by itself. */
const encodedAtOnce = 48 * 1024;

/**
 * Node leaves a copy of all of a buffer to V8's `set`, which takes three times as long into memory that threads share, since it lets
 * none of them see half of a number; a part of one it copies by itself.
 */
const copyInHalves = (from: Buffer, to: Buffer, at: number): void => {
  const half = from.length >> 1;
  from.copy(to, at, 0, half);
  from.copy(to, at + half, half);
};

/** Payloads from so many bytes on are left to the thread that encodes; of shorter ones the base64 costs no more than to hand them over. */
const leastLeft = 16 * 1024;

export type DiskWriterOptions<D extends Disk> = {
  /** Makes the file, once there is something to write. */
  readonly open: () => Promise<D>;
  /** Hears once why the disk takes no more: nothing is written from then on. */
  readonly failed: (error: NodeJS.ErrnoException) => void;
  /** In bytes. */
  readonly mostWaiting: number;
  /** Whether what is there is written whenever the disk is idle, or only once it fills a chunk. */
  readonly eager: boolean;
  /** Where there is one and it runs it makes the base64 of long payloads and writes it. */
  readonly thread?: EncodingThread | undefined;
};

/**
 * A file that is written while the program goes on: what comes is copied into chunks, since its memory may be written again, or lent
 * until the file has it. All that is handed over by the time that the disk is idle goes out in one write.
 */
export class DiskWriter<D extends Disk> {
  private readonly options: DiskWriterOptions<D>;
  private readonly free: Buffer[] = [];
  private file: D | undefined;
  /** Handed over to the disk. */
  private full: Part[] = [];
  /** To be handed over once they are a chunk's worth, `gathered` bytes; what the chunk has from `cutAt` to `used` comes after them. */
  private parts: Part[] = [];
  private gathered = 0;
  private chunk: Buffer = Buffer.alloc(0);
  private cutAt = 0;
  private used = 0;
  private waits = 0;
  private done = 0;
  private broken = false;
  private writing: Promise<void> | null = null;
  private resume: (() => void)[] = [];

  constructor(options: DiskWriterOptions<D>) {
    this.options = options;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length <= this.chunk.length - this.used) {
      this.chunk.set(bytes, this.used);
      return this.took(bytes.length);
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.room());
      this.chunk.set(part, this.used);
      this.took(part.length);
      at += part.length;
    }
  }

  /** Not copied: nobody may write to them before they are given `back`. */
  lend(bytes: Uint8Array, back: (bytes: Uint8Array) => void): void {
    if (this.broken) return back(bytes);
    this.cut(null);
    this.gather({ bytes, back, isToEncode: false });
    this.waits += bytes.length;
    if (this.gathered >= chunkSize) this.hand();
  }

  appendText(text: string): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    if (3 * text.length > this.room()) this.append(Buffer.from(text));
    else this.took(this.chunk.write(text, this.used));
  }

  appendBase64(bytes: Buffer): void {
    if (bytes.length >= leastLeft && this.options.thread?.takes(bytes.length))
      return this.appendToEncode(bytes);
    for (let at = 0; at < bytes.length; at += encodedAtOnce)
      this.appendAscii(bytes.toString('base64', at, Math.min(at + encodedAtOnce, bytes.length)));
  }

  /** To be called once all of something is appended: an eager writer writes it where the disk is idle. */
  appended(): void {
    if (this.options.eager && !this.writing) this.handOver();
  }

  /** Full or not, the chunk is written. */
  handOver(): void {
    if (this.broken || (this.used === this.cutAt && this.parts.length === 0)) return;
    this.endChunk();
    this.hand();
  }

  hasRoom(): boolean {
    return this.broken || this.waiting() < this.options.mostWaiting;
  }

  onRoom(call: () => void): void {
    this.resume.push(call);
  }

  /** The disk takes no more, as was told. */
  isBroken(): boolean {
    return this.broken;
  }

  /** Bytes that the file has. */
  written(): number {
    return this.done;
  }

  /** Bytes that wait, as many as there are in memory: base64 that is still to be made is not counted yet. */
  waiting(): number {
    return this.waits;
  }

  /** Resolves once the file has all that was taken so far, or will get no more: false. */
  async settled(): Promise<boolean> {
    this.handOver();
    await this.writing;
    return !this.broken;
  }

  /** Undefined as long as nothing was written. */
  disk(): D | undefined {
    return this.file;
  }

  /** Never rejects: a failure was told before. */
  async close(): Promise<void> {
    await this.writing;
    await this.file?.close().catch(() => {});
  }

  /** Text of which each character is a byte. */
  private appendAscii(text: string): void {
    for (let at = 0; at < text.length; ) {
      const part = text.slice(at, at + this.room());
      this.took(this.chunk.write(part, this.used, 'latin1'));
      at += part.length;
    }
  }

  /** As it is, in parts of which each but the last is a multiple of 3 long: the base64 of one ends where that of the next begins. */
  private appendToEncode(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const left = bytes.length - at;
      const room = this.room();
      const count = left <= room ? left : room - (room % 3);
      if (count > 0) {
        this.cut(null);
        copyInHalves(bytes.subarray(at, at + count), this.chunk, this.used);
        this.took(count);
        this.cut(null, true);
        at += count;
      }
      if (at < bytes.length) this.nextChunk();
    }
  }

  private room(): number {
    if (this.used === this.chunk.length) this.nextChunk();
    return this.chunk.length - this.used;
  }

  private nextChunk(): void {
    this.endChunk();
    this.hand();
    this.chunk =
      this.free.pop() ?? this.options.thread?.memory(chunkSize) ?? Buffer.allocUnsafeSlow(chunkSize);
  }

  private took(count: number): void {
    this.used += count;
    this.waits += count;
  }

  private gather(part: Part): void {
    this.parts.push(part);
    this.gathered += part.bytes.length;
  }

  /** What the chunk has got since it was cut last is a part; with `back` its last one. */
  private cut(back: Part['back'], isToEncode = false): void {
    if (this.used === this.cutAt && !back) return;
    this.gather({ bytes: this.chunk.subarray(this.cutAt, this.used), back, isToEncode });
    this.cutAt = this.used;
  }

  private endChunk(): void {
    if (this.chunk.length > 0) this.cut(this.reuse);
    this.chunk = Buffer.alloc(0);
    this.cutAt = 0;
    this.used = 0;
  }

  private hand(): void {
    const parts = this.takeParts();
    if (this.broken) return giveBack(parts);
    if (parts.length === 0) return;
    this.full = this.full.length === 0 ? parts : this.full.concat(parts);
    this.writing ??= this.drain();
  }

  private takeParts(): Part[] {
    const { parts } = this;
    this.parts = [];
    this.gathered = 0;
    return parts;
  }

  /** A chunk's memory is to be filled again. */
  private readonly reuse = ({ buffer }: Uint8Array): void => {
    const most = Math.max(enoughFree, this.options.mostWaiting / chunkSize);
    if (this.free.length < most) this.free.push(Buffer.from(buffer));
  };

  private async drain(): Promise<void> {
    let left: readonly Part[] = [];
    const wrote = (count: number) => {
      const parts = left.slice(0, count);
      left = left.slice(count);
      this.waits -= sumOf(parts, ({ bytes }) => bytes.length);
      this.done += sumOf(parts, sizeOf);
      giveBack(parts);
      this.release();
    };
    try {
      this.file ??= await this.options.open();
      while (this.full.length > 0) {
        left = this.full;
        this.full = [];
        await this.write(this.file, left, wrote);
        wrote(left.length);
        if (this.full.length === 0 && this.options.eager) this.handOver();
      }
      // One by one, or what comes next would want them again; none that threads share, which V8 does not count, and so leaves lying.
      if (this.free.length > enoughFree && !this.options.thread) this.free.pop();
    } catch (error) {
      this.broken = true;
      giveBack([...left, ...this.full, ...this.takeParts()]);
      this.full = [];
      this.options.failed(error as NodeJS.ErrnoException);
    }
    this.writing = null;
    this.release();
  }

  private async write(file: D, parts: readonly Part[], told: (count: number) => void): Promise<void> {
    const { thread } = this.options;
    if (thread && parts.some(({ isToEncode }) => isToEncode) && (await thread.write(parts, told))) return;
    await writeAll(file, parts.map(encoded));
  }

  private release(): void {
    if (!this.hasRoom()) return;
    const calls = this.resume;
    this.resume = [];
    for (const call of calls) call();
  }
}

import type { FileHandle } from 'node:fs/promises';
import type { Entry } from '../core/model/entry.ts';
import type { Spool } from '../core/model/sink.ts';
import { decodeEntry, encodeEntry } from './session/jsonl.ts';

/** So many bytes it takes: what the journal lets go of after that is gone. */
export const spoolCap = 1024 ** 3;

/** Handed to the system at once, in bytes: many small entries are one write. */
const chunkSize = 1024 ** 2;

/** Read at once, in bytes. */
const blockSize = 4 * chunkSize;

/** While so many bytes wait for the disk no new call starts. */
const mostWaiting = 16 * 1024 ** 2;

/** Chunks that are kept for later. */
const mostFree = mostWaiting / chunkSize;

/** In front of each record: how long its line of JSON is, and the bytes received and sent that follow it. */
const headSize = 12;

/** It takes what comes, its cap is reached, or why the disk takes no more. */
export type SpoolState = 'open' | 'full' | NodeJS.ErrnoException;

export type DiskSpool = Spool & {
  readonly state: () => SpoolState;
  /** Number of the last entry that it has; 0: none. */
  readonly last: () => number;
  /** Goes through its entries, with their bytes, from the first: some at a time, none at its end. */
  readonly read: () => () => Promise<readonly Entry[]>;
  readonly close: () => Promise<void>;
};

export type SpoolOptions = {
  /** Makes the file, once there is something to keep. */
  readonly open: () => Promise<FileHandle>;
  readonly cap?: number;
  /** Hears that it takes its first entry, and of what becomes of it. */
  readonly told: (state: SpoolState) => void;
};

const recordOf = (entry: Entry, received: Uint8Array, sent: Uint8Array): readonly Uint8Array[] => {
  const json = Buffer.from(encodeEntry(entry));
  const head = Buffer.alloc(headSize);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(received.length, 4);
  head.writeUInt32LE(sent.length, 8);
  return [head, json, received, sent];
};

/** How long the record is that begins here; 0 where not even its head is there. */
const recordSize = (bytes: Buffer): number =>
  bytes.length < headSize
    ? 0
    : headSize + bytes.readUInt32LE(0) + bytes.readUInt32LE(4) + bytes.readUInt32LE(8);

/** The entry with its bytes again. */
const whole = (entry: Entry, received: Uint8Array, sent: Uint8Array): Entry => {
  if (entry.kind !== 'ended') return entry;
  const { call, outcome } = entry;
  if (received.length > 0 && outcome.kind === 'data') {
    const { dropped: _, ...rest } = outcome;
    entry.outcome = { ...rest, data: received };
  }
  if (sent.length > 0 && 'data' in call)
    entry.call = { ...call, data: { kind: 'literal', data: sent, notation: 'text' } };
  return entry;
};

const readRecord = (record: Buffer): Entry => {
  const json = headSize + record.readUInt32LE(0);
  const received = json + record.readUInt32LE(4);
  const entry = decodeEntry(record.toString('utf8', headSize, json));
  return whole(entry, record.subarray(json, received), record.subarray(received));
};

/** The records that are there from their head to their last byte, and how long they are together. */
const recordsIn = (block: Buffer): { entries: readonly Entry[]; size: number } => {
  const entries: Entry[] = [];
  let size = 0;
  for (;;) {
    const length = recordSize(block.subarray(size));
    if (length === 0 || size + length > block.length) return { entries, size };
    entries.push(readRecord(block.subarray(size, size + length)));
    size += length;
  }
};

/** Copies bytes as they come into chunks; `full` gets each, and gives its memory `back` once that is free again. */
const createChunks = (full: (chunk: Buffer) => void) => {
  const free: Buffer[] = [];
  let chunk: Buffer = Buffer.alloc(0);
  let used = 0;

  const handOver = () => {
    if (used === 0) return;
    full(chunk.subarray(0, used));
    chunk = Buffer.alloc(0);
    used = 0;
  };

  return {
    handOver,
    append: (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; ) {
        if (used === chunk.length) {
          handOver();
          chunk = free.pop() ?? Buffer.allocUnsafeSlow(chunkSize);
        }
        const part = bytes.subarray(at, at + chunk.length - used);
        chunk.set(part, used);
        used += part.length;
        at += part.length;
      }
    },
    back: (memory: Buffer) => {
      if (free.length < mostFree) free.push(memory);
    },
  };
};

/** A file that is written while the program goes on. `failed` hears once why the disk takes no more. */
const createWriter = (open: () => Promise<FileHandle>, failed: (error: NodeJS.ErrnoException) => void) => {
  let file: FileHandle | undefined;
  let waiting: Buffer[] = [];
  let written = 0;
  let writing: Promise<void> | null = null;
  let resume: (() => void)[] = [];

  const hasRoom = () => waiting.length * chunkSize < mostWaiting;

  const release = () => {
    if (!hasRoom()) return;
    const calls = resume;
    resume = [];
    for (const call of calls) call();
  };

  const drain = async (): Promise<void> => {
    try {
      file ??= await open();
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await file.appendFile(next);
        written += next.length;
        chunks.back(Buffer.from(next.buffer));
        release();
      }
    } catch (error) {
      waiting = [];
      failed(error as NodeJS.ErrnoException);
    }
    writing = null;
    release();
  };

  const chunks = createChunks(chunk => {
    waiting.push(chunk);
    writing ??= drain();
  });

  return {
    append: chunks.append,
    handOver: chunks.handOver,
    hasRoom,
    onRoom: (call: () => void) => resume.push(call),
    written: () => written,
    /** All that was taken so far is in the file, or never will be. */
    settled: async () => {
      chunks.handOver();
      await writing;
    },
    readAt: (at: number, length: number) => readAt(file!, at, length),
    close: async () => {
      waiting = [];
      await writing;
      await file?.close().catch(() => {});
    },
  };
};

const readAt = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let got = 0; got < length; ) {
    const { bytesRead } = await file.read(bytes, got, length - got, at + got);
    if (bytesRead === 0) throw new Error('the spool is shorter than what was written to it');
    got += bytesRead;
  }
  return bytes;
};

type Writer = ReturnType<typeof createWriter>;

/** Goes through the records of the file, a block at a time. */
const createRecordReader = ({ settled, written, readAt }: Writer) => {
  let at = 0;

  /** A record that is longer than a block, or nothing where the disk took only its beginning. */
  const oneAt = async (): Promise<readonly Entry[]> => {
    const length = recordSize(await readAt(at, Math.min(headSize, written() - at)));
    if (length === 0 || at + length > written()) return [];
    const { entries, size } = recordsIn(await readAt(at, length));
    at += size;
    return entries;
  };

  return async () => {
    await settled();
    if (at >= written()) return [];
    const { entries, size } = recordsIn(await readAt(at, Math.min(blockSize, written() - at)));
    at += size;
    return size > 0 ? entries : oneAt();
  };
};

/**
 * Keeps what the journal lets go of in a file: entries that move bytes or make sockets, with their bytes as they are. They are
 * copied as they come, since their memory is written again, and written while the program goes on.
 */
export const createSpool = ({ open, told, cap = spoolCap }: SpoolOptions): DiskSpool => {
  let state: SpoolState = 'open';
  let taken = 0;
  let last = 0;
  const become = (next: SpoolState) => {
    state = next;
    told(next);
  };
  const writer = createWriter(open, become);

  return {
    name: 'spool',
    take: () => {},
    hasRoom: writer.hasRoom,
    onRoom: writer.onRoom,
    keep: (entry, received, sent) => {
      if (state !== 'open' || (entry.kind !== 'ended' && entry.kind !== 'socket')) return;
      const record = recordOf(entry, received, sent);
      const size = record.reduce((sum, { length }) => sum + length, 0);
      if (taken + size > cap) {
        become('full');
        return writer.handOver();
      }
      if (taken === 0) told('open');
      taken += size;
      last = entry.n;
      for (const part of record) writer.append(part);
    },
    state: () => state,
    last: () => last,
    read: () => createRecordReader(writer),
    close: () => {
      if (state === 'open') state = 'full';
      return writer.close();
    },
  };
};

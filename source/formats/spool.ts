import type { FileHandle } from 'node:fs/promises';
import type { Entry } from '../core/model/entry.ts';
import type { Free, Spool } from '../core/model/sink.ts';
import { DiskWriter } from './disk-writer.ts';
import { decodeEntry, encodeEntry } from './session/jsonl.ts';
import { RecordReader, RecordWriter } from './spool-record.ts';

/** So many bytes it takes: what the journal lets go of after that is gone. */
export const spoolCap = 1024 ** 3;

/** Read at once, in bytes. */
const blockSize = 4 * 1024 ** 2;

/** While so many bytes wait for the disk no new call starts. */
const mostWaiting = 16 * 1024 ** 2;

/** Payloads from so many bytes on are written from where they are; of shorter ones a copy is less than a part of a write. */
const leastLent = 16 * 1024;

/** In front of each record: how long the entry is, and the bytes received and sent that follow it, and whether it is JSON. */
const headSize = 13;

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

const freeAll = (received: Uint8Array, sent: Uint8Array, free: Free | undefined): void => {
  if (received.length > 0) free?.(received);
  if (sent.length > 0) free?.(sent);
};

/** Copied before the next is made. */
const head = Buffer.alloc(headSize);

const headOf = (entry: number, received: Uint8Array, sent: Uint8Array, isJson: boolean): Buffer => {
  head.writeUInt32LE(entry, 0);
  head.writeUInt32LE(received.length, 4);
  head.writeUInt32LE(sent.length, 8);
  head[12] = isJson ? 1 : 0;
  return head;
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

const readRecord = (record: Buffer, words: RecordReader): Entry => {
  const about = headSize + record.readUInt32LE(0);
  const received = about + record.readUInt32LE(4);
  const entry =
    record[12] === 1
      ? decodeEntry(record.toString('utf8', headSize, about))
      : words.read(record.subarray(headSize, about));
  return whole(entry, record.subarray(about, received), record.subarray(received));
};

/** The records that are there from their head to their last byte, and how long they are together. */
const recordsIn = (block: Buffer, words: RecordReader): { entries: readonly Entry[]; size: number } => {
  const entries: Entry[] = [];
  let size = 0;
  for (;;) {
    const length = recordSize(block.subarray(size));
    if (length === 0 || size + length > block.length) return { entries, size };
    entries.push(readRecord(block.subarray(size, size + length), words));
    size += length;
  }
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

/** Goes through the records of the file, a block at a time. */
const createRecordReader = (writer: DiskWriter<FileHandle>) => {
  let at = 0;
  const words = new RecordReader();
  const read = (length: number) => readAt(writer.disk()!, at, length);

  /** A record that is longer than a block, or nothing where the disk took only its beginning. */
  const oneAt = async (): Promise<readonly Entry[]> => {
    const length = recordSize(await read(Math.min(headSize, writer.written() - at)));
    if (length === 0 || at + length > writer.written()) return [];
    const { entries, size } = recordsIn(await read(length), words);
    at += size;
    return entries;
  };

  return async () => {
    await writer.settled();
    if (at >= writer.written()) return [];
    const block = await read(Math.min(blockSize, writer.written() - at));
    const { entries, size } = recordsIn(block, words);
    at += size;
    return size > 0 ? entries : oneAt();
  };
};

/**
 * Keeps what the journal lets go of in a file: entries that move bytes or make sockets, with their bytes as they are, written while
 * the program goes on.
 */
export const createSpool = ({ open, told, cap = spoolCap }: SpoolOptions): DiskSpool => {
  let state: SpoolState = 'open';
  let taken = 0;
  let last = 0;
  const records = new RecordWriter();
  const become = (next: SpoolState) => {
    state = next;
    told(next);
  };
  const writer = new DiskWriter({ open, failed: become, mostWaiting, eager: false });

  const appendPayload = (data: Uint8Array, free: Free | undefined) => {
    if (free && data.length >= leastLent) return writer.lend(data, free);
    writer.append(data);
    if (data.length > 0) free?.(data);
  };

  return {
    name: 'spool',
    take: () => {},
    hasRoom: () => writer.hasRoom(),
    onRoom: call => writer.onRoom(call),
    keep: (entry, received, sent, free) => {
      if (state !== 'open' || (entry.kind !== 'ended' && entry.kind !== 'socket'))
        return freeAll(received, sent, free);
      const record = entry.kind === 'ended' ? records.write(entry) : null;
      const about = record ?? Buffer.from(encodeEntry(entry));
      const size = headSize + about.length + received.length + sent.length;
      if (taken + size > cap) {
        become('full');
        writer.handOver();
        return freeAll(received, sent, free);
      }
      if (taken === 0) told('open');
      taken += size;
      last = entry.n;
      writer.append(headOf(about.length, received, sent, record === null));
      writer.append(about);
      appendPayload(received, free);
      appendPayload(sent, free);
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

import { open } from 'node:fs/promises';
import type { Sink } from '../../core/model/sink.ts';
import type { Disk } from '../disk-parts.ts';
import { DiskWriter } from '../disk-writer.ts';
import { createEncodingThread } from '../encoding-thread.ts';
import { encodeHeader, type Header, partsOf } from './jsonl.ts';

/** In bytes. */
const mostWaiting = 64 * 1024 * 1024;

export type Recorder = Sink & {
  /** Bytes that the file has, and bytes that wait. */
  readonly written: () => number;
  readonly waiting: () => number;
  /** Resolves once the file has all that was taken so far, or will get no more: false. */
  readonly settled: () => Promise<boolean>;
  /** Writes what waits and closes the file. Never rejects: a failure was told before. */
  readonly close: () => Promise<void>;
};

export type RecorderOptions = {
  readonly file: string;
  readonly header: Header;
  /** Makes the file; the system's own where it is left out. */
  readonly open?: (file: string) => Promise<Disk>;
  /** The disk is full, or the file cannot be written any more: the recording ends here, the session goes on. */
  readonly failed: (error: NodeJS.ErrnoException) => void;
  /** While so many bytes wait for the disk no new call starts. */
  readonly mostWaiting?: number;
  /** After so many bytes of long payloads a thread encodes what comes. */
  readonly threadAfter?: number;
};

const newFile = (file: string): Promise<Disk> => open(file, 'wx', 0o600);

/**
 * Records every entry as a line of JSON, in a new file that only its owner reads (0600). Lines are handed to the
 * system as they come, so that a killed program loses at most what one flush held and what waited for the disk.
 * Rejects where the file cannot be made; never overwrites another one.
 */
export const createRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const { file, header, failed } = options;
  const disk = await (options.open ?? newFile)(file);
  const thread = disk.fd === undefined ? undefined : createEncodingThread(disk.fd, options.threadAfter);
  const writer = new DiskWriter({
    open: async () => disk,
    thread,
    failed,
    mostWaiting: options.mostWaiting ?? mostWaiting,
    eager: true,
  });
  writer.appendText(`${encodeHeader(header)}\n`);
  writer.appended();
  return {
    take: entries => {
      if (writer.isBroken()) return;
      for (const entry of entries) {
        const { head, bytes, tail } = partsOf(entry);
        writer.appendText(head);
        if (bytes) writer.appendBase64(bytes);
        writer.appendText(`${tail}\n`);
      }
      writer.appended();
    },
    hasRoom: () => writer.hasRoom(),
    onRoom: call => writer.onRoom(call),
    written: () => writer.written(),
    waiting: () => writer.waiting(),
    settled: () => writer.settled(),
    close: async () => {
      await writer.settled();
      await thread?.close();
      await writer.close();
    },
  };
};

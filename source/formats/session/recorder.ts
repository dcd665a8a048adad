import { open } from 'node:fs/promises';
import type { Sink } from '../../core/model/sink.ts';
import { encodeEntry, encodeHeader, type Header } from './jsonl.ts';

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

/** A file being written. */
export type Disk = {
  readonly appendFile: (bytes: Uint8Array) => Promise<void>;
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
};

const newFile = (file: string): Promise<Disk> => open(file, 'wx', 0o600);

/**
 * Records every entry as a line of JSON, in a new file that only its owner reads (0600). Lines are handed to the
 * system as they come, so that a killed program loses at most what one flush held. Rejects where the file cannot
 * be made; never overwrites another one.
 */
export const createRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const { file, header, failed } = options;
  const handle = await (options.open ?? newFile)(file);
  let lines: string[] = [`${encodeHeader(header)}\n`];
  let size = lines[0]!.length;
  let underWay = 0;
  let written = 0;
  let broken = false;
  let writing: Promise<void> | null = null;
  let resume: (() => void)[] = [];

  const release = () => {
    const waiting = resume;
    resume = [];
    for (const call of waiting) call();
  };

  const drain = async (): Promise<void> => {
    while (lines.length > 0 && !broken) {
      const bytes = Buffer.from(lines.join(''));
      lines = [];
      underWay = bytes.length;
      size = 0;
      try {
        await handle.appendFile(bytes);
        written += bytes.length;
      } catch (error) {
        broken = true;
        failed(error as NodeJS.ErrnoException);
      }
      underWay = 0;
      release();
    }
    writing = null;
  };

  /** With nothing to write drain would be over before its promise is kept here. */
  const start = () => {
    if (lines.length > 0 && !broken) writing ??= drain();
  };

  start();
  return {
    take: entries => {
      if (broken) return;
      for (const entry of entries) {
        const line = `${encodeEntry(entry)}\n`;
        lines.push(line);
        size += line.length;
      }
      start();
    },
    hasRoom: () => broken || size + underWay < (options.mostWaiting ?? mostWaiting),
    onRoom: call => resume.push(call),
    written: () => written,
    waiting: () => size + underWay,
    settled: async () => {
      await writing;
      return !broken;
    },
    close: async () => {
      start();
      await writing;
      await handle.close().catch(() => {});
    },
  };
};

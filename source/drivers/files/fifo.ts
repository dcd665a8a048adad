import { execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A pipe with a name, for another program to write to, and for nobody else: its folder is its owner's alone. */
export type Fifo = {
  readonly path: string;
  /** The writer has opened it, or never will: from now on the pipe ends with it. */
  readonly begun: () => void;
  /** Hands over at once what has been written by now, ahead of the event loop. */
  readonly readNow: () => void;
  readonly close: () => void;
};

export type FifoEvents = {
  readonly data: (piece: Uint8Array) => void;
  /** The last writer has closed it. */
  readonly end: () => void;
};

/** Descriptors are closed in programs that are started (O_CLOEXEC is Node's): none of them inherits the pipe. */
export const createFifo = async ({ data, end }: FifoEvents): Promise<Fifo> => {
  const folder = await mkdtemp(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'sockbench-'));
  const path = join(folder, 'trace');
  await promisify(execFile)('mkfifo', ['-m', '600', path]);
  // Does not wait for a writer (fifo(7)). Until there is one, a writer of our own keeps it from ending.
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let writing: number | null = openSync(path, constants.O_WRONLY);
  const begun = () => {
    if (writing === null) return;
    closeSync(writing);
    writing = null;
    void rm(folder, { recursive: true, force: true });
  };
  const stream = new Socket({ fd: reading, readable: true, writable: false });
  stream.on('data', data);
  stream.on('error', () => {});
  stream.once('close', end);
  const piece = Buffer.allocUnsafeSlow(64 * 1024);
  const readNow = () => {
    try {
      for (let count = 1; count > 0 && !stream.destroyed; ) {
        count = readSync(reading, piece);
        if (count > 0) data(Buffer.from(piece.subarray(0, count)));
      }
    } catch {
      // Nothing more is there (EAGAIN).
    }
  };
  return {
    path,
    begun,
    readNow,
    close: () => {
      begun();
      stream.destroy();
    },
  };
};

/** Its standard input ends with whoever holds the other end, however that ends. */
const script = 'read -r _; cat <&3 >/dev/null & exec cat <&4 >/dev/null';

/**
 * Keeps two pipes with names readable once this process is gone, also by SIGKILL: what others write into them is then read and
 * thrown away, and they neither wait nor get SIGPIPE. Until then it reads nothing. The pipes have a writer already.
 */
export const drainAfterwards = (one: string, other: string): void => {
  const ends = [openSync(one, 'r'), openSync(other, 'r')] as const;
  // In a session of its own, which no terminal's end reaches.
  const drain = spawn('/bin/sh', ['-c', script, 'sockbench-drain'], {
    stdio: ['pipe', 'ignore', 'ignore', ...ends],
    detached: true,
  });
  for (const end of ends) closeSync(end);
  drain.on('error', () => {});
  drain.unref();
  const { stdin } = drain;
  stdin?.on('error', () => {});
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
};

import type { Worker } from 'node:worker_threads';

/** Bytes that go into a file, as they are or as their base64. */
export type Piece = { readonly bytes: Uint8Array; readonly isToEncode: boolean };

/** Makes base64 of what a program records, and writes it, beside the program. */
export type EncodingThread = {
  /** Whether so many bytes more are left to it: once they are many it is started, and what comes waits for it. */
  readonly takes: (size: number) => boolean;
  /**
   * So many bytes that it sees too: what is left to it lies in such. To hand memory over and back would count as made anew each time,
   * and V8 would mark its whole heap for every few.
   */
  readonly memory: (size: number) => Buffer;
  /**
   * Writes all of them; false: there is no such thread, or none any more, and nothing was written. Rejects with the system's error;
   * one write at a time. `told` hears meanwhile how many more of them the file has.
   */
  readonly write: (pieces: readonly Piece[], told: (more: number) => void) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Words = { readonly pieces: readonly Piece[]; readonly fd: number };

/** How many pieces more are written; null: all are. Structured cloning would leave an error nothing but its message. */
type Answer = number | { readonly message: string; readonly of: object } | null;

/**
 * So many bytes are encoded by the program itself before it starts a thread, which takes 30 ms of a processor, as much as the
 * base64 of 100 MiB: short sessions go without. A fast stream has sent as much in a millisecond.
 */
const enoughToStart = 1024 ** 2;

type FileSystem = typeof import('node:fs');

/** What the thread does. It is handed to it as text, and so knows nothing of this file. */
const createEncoder = (fs: FileSystem) => {
  /** Written at a time, in bytes: a processor's own cache (1 or 2 MiB) still has it when the system copies it. */
  const memory = Buffer.allocUnsafeSlow(1024 ** 2);
  /** Encoded at a time, in bytes: a multiple of 3, whose base64 is no large object for V8. */
  const step = 48 * 1024;

  /** Writes between two words of how far it has got: the program may wait for room, and fills it while the rest is encoded. */
  const seldom = 4;

  return ({ fd, pieces }: Words, tell: (more: number) => void): void => {
    let used = 0;
    let written = 0;
    let writes = 0;
    const writeOut = () => {
      // By the thread itself: another one would have to be woken, and would not have it in its cache.
      for (let at = 0; at < used; ) at += fs.writeSync(fd, memory, at, used - at);
      used = 0;
    };
    for (const [index, { bytes: piece, isToEncode }] of pieces.entries()) {
      const { buffer, byteOffset, length } = piece;
      if (writes >= seldom) {
        // What is encoded of the piece before may wait in the memory still.
        if (used > 0) writeOut();
        tell(index - written);
        written = index;
        writes = 0;
      }
      const bytes = Buffer.from(buffer, byteOffset, length);
      for (let at = 0; at < length; at += step) {
        const to = Math.min(at + step, length);
        if (used + 2 * step > memory.length) {
          writeOut();
          writes++;
        }
        if (isToEncode) used += memory.write(bytes.toString('base64', at, to), used, 'latin1');
        else used += bytes.copy(memory, used, at, to);
      }
    }
    writeOut();
  };
};

/** From source text, so that it needs no file beside the bundle. */
const source = `
const { parentPort } = process.getBuiltinModule('node:worker_threads');
const write = (${createEncoder.toString()})(process.getBuiltinModule('node:fs'));
parentPort.on('message', words => {
  try {
    write(words, more => parentPort.postMessage(more));
    parentPort.postMessage(null);
  } catch (error) {
    parentPort.postMessage({ message: String(error.message), of: { ...error } });
  }
});`;

type Settle = {
  readonly told: (more: number) => void;
  readonly resolve: (written: boolean) => void;
  readonly reject: (error: Error) => void;
};

/** Writes to this open file, from where it is. */
export const createEncodingThread = (fd: number, startAfter = enoughToStart): EncodingThread => {
  let seen = 0;
  let worker: Worker | null = null;
  /** It has begun: what it was told to write may be in the file. */
  let began = false;
  /** There is none, or none any more: the program encodes by itself. */
  let over = false;
  let settle: Settle | null = null;

  const settled = (how: (waiting: Settle) => void) => {
    worker?.unref();
    const waiting = settle;
    settle = null;
    if (waiting) how(waiting);
  };
  const answered = (answer: Answer) => {
    if (typeof answer === 'number') return settle?.told(answer);
    settled(({ resolve, reject }) =>
      answer ? reject(Object.assign(new Error(answer.message), answer.of)) : resolve(true),
    );
  };
  const end = (error: Error) => {
    over = true;
    settled(({ resolve, reject }) => (began ? reject(error) : resolve(false)));
  };

  const start = () => {
    // Not imported: few programs ever record that much.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    try {
      worker = new Worker(source, { eval: true, execArgv: [], name: 'encoding' });
    } catch {
      over = true;
      return;
    }
    // It keeps the process alive only while it writes.
    worker.unref();
    worker.on('online', () => {
      began = true;
    });
    worker.on('message', (answer: Answer) => answered(answer));
    worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => end(new Error('the thread that writes the recording ended')));
  };

  return {
    takes: size => {
      seen += size;
      if (!worker && !over && seen > startAfter) start();
      return worker !== null && !over;
    },
    memory: size => Buffer.from(new SharedArrayBuffer(size)),
    write: (pieces, told) =>
      new Promise((resolve, reject) => {
        if (!worker || over) return resolve(false);
        settle = { told, resolve, reject };
        worker.ref();
        const words: Words = {
          fd,
          pieces: pieces.map(({ bytes, isToEncode }) => ({ bytes, isToEncode })),
        };
        worker.postMessage(words);
      }),
    close: async () => {
      over = true;
      await worker?.terminate();
    },
  };
};

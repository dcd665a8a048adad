import type { Worker } from 'node:worker_threads';

/** Bytes that go into a file, as they are or as their base64. */
export type Piece = { readonly bytes: Uint8Array; readonly isToEncode: boolean };

/** All of an ArrayBuffer. */
type Memory = Uint8Array<ArrayBuffer>;

/** Makes base64 of what a program records, and writes it, beside the program. */
export type EncodingThread = {
  /** Whether so many bytes more may be left to it; the thread is started once they are many. */
  readonly takes: (size: number) => boolean;
  /** Writes all of them, takes their memory away, and resolves with it. Rejects with the system's error; one write at a time. */
  readonly write: (pieces: readonly Piece[]) => Promise<readonly Memory[]>;
  readonly close: () => Promise<void>;
};

type Words = {
  readonly pieces: readonly Piece[];
  readonly memories: readonly ArrayBuffer[];
  readonly fd: number;
};

/** Structured cloning would leave an error nothing but its message. */
type Answer =
  | { readonly memories: readonly ArrayBuffer[] }
  | { readonly message: string; readonly of: object };

/**
 * So many bytes are encoded by the program itself before it starts a thread, which takes 30 ms of a processor, as much as the
 * base64 of 100 MiB: short sessions go without.
 */
const enoughToStart = 16 * 1024 ** 2;

type FileSystem = typeof import('node:fs');

/** What the thread does. It is handed to it as text, and so knows nothing of this file. */
const createEncoder = (fs: FileSystem) => {
  /** One is filled while the disk takes the other. */
  const memories = [Buffer.allocUnsafeSlow(1024 ** 2), Buffer.allocUnsafeSlow(1024 ** 2)];
  /** Encoded at a time, in bytes: a multiple of 3, whose base64 is no large object for V8. */
  const step = 24 * 1024;

  const writeSome = (fd: number, bytes: Buffer, at: number): Promise<number> =>
    new Promise((resolve, reject) =>
      fs.write(fd, bytes, at, bytes.length - at, null, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );

  const writeAll = async (fd: number, bytes: Buffer): Promise<void> => {
    for (let at = 0; at < bytes.length; ) at += await writeSome(fd, bytes, at);
  };

  return async ({ fd, pieces }: Words): Promise<void> => {
    let memory = memories[0]!;
    let used = 0;
    let writing = Promise.resolve();
    const handOver = async () => {
      await writing;
      writing = writeAll(fd, memory.subarray(0, used));
      memory = memory === memories[0] ? memories[1]! : memories[0]!;
      used = 0;
    };
    for (const {
      bytes: { buffer, byteOffset, length },
      isToEncode,
    } of pieces) {
      const bytes = Buffer.from(buffer, byteOffset, length);
      for (let at = 0; at < length; at += step) {
        const to = Math.min(at + step, length);
        if (used + 2 * step > memory.length) await handOver();
        if (isToEncode) used += memory.write(bytes.toString('base64', at, to), used, 'latin1');
        else used += bytes.copy(memory, used, at, to);
      }
    }
    await handOver();
    await writing;
  };
};

/** From source text, so that it needs no file beside the bundle. */
const source = `
const { parentPort } = process.getBuiltinModule('node:worker_threads');
const write = (${createEncoder.toString()})(process.getBuiltinModule('node:fs'));
parentPort.on('message', words => write(words).then(
  () => parentPort.postMessage({ memories: words.memories }, words.memories),
  error => parentPort.postMessage({ message: String(error.message), of: { ...error } }),
));`;

type Settle = {
  readonly resolve: (memories: readonly Memory[]) => void;
  readonly reject: (error: Error) => void;
};

/** Writes to this open file, from where it is. */
export const createEncodingThread = (fd: number, startAfter = enoughToStart): EncodingThread => {
  let seen = 0;
  let worker: Worker | null = null;
  let runs = false;
  /** Why there is none, or none any more: then the program encodes by itself. */
  let ended: Error | null = null;
  let settle: Settle | null = null;

  const answered = (answer: Answer | Error) => {
    worker?.unref();
    const waiting = settle;
    settle = null;
    if (answer instanceof Error) waiting?.reject(answer);
    else if ('of' in answer) waiting?.reject(Object.assign(new Error(answer.message), answer.of));
    else waiting?.resolve(answer.memories.map(memory => new Uint8Array(memory)));
  };
  const end = (error: Error) => {
    ended ??= error;
    runs = false;
    answered(ended);
  };

  const start = () => {
    // Not imported: few programs ever record that much.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    try {
      worker = new Worker(source, { eval: true, execArgv: [], name: 'encoding' });
    } catch (error) {
      return end(error as Error);
    }
    // It keeps the process alive only while it writes.
    worker.unref();
    worker.on('online', () => {
      runs = true;
    });
    worker.on('message', (answer: Answer) => answered(answer));
    worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => end(new Error('the thread that writes the recording ended')));
  };

  return {
    takes: size => {
      seen += size;
      if (!worker && !ended && seen > startAfter) start();
      return runs;
    },
    write: pieces =>
      new Promise((resolve, reject) => {
        if (!worker || ended) return reject(ended);
        settle = { resolve, reject };
        worker.ref();
        const memories = [...new Set(pieces.map(({ bytes }) => bytes.buffer as ArrayBuffer))];
        const words: Words = {
          fd,
          memories,
          pieces: pieces.map(({ bytes, isToEncode }) => ({ bytes, isToEncode })),
        };
        worker.postMessage(words, memories);
      }),
    close: async () => {
      runs = false;
      await worker?.terminate();
    },
  };
};

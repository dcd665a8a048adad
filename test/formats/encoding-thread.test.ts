import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { base64Size, type Disk } from '../../source/formats/disk-parts.ts';
import { DiskWriter } from '../../source/formats/disk-writer.ts';
import { createEncodingThread } from '../../source/formats/encoding-thread.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { createRecorder } from '../../source/formats/session/recorder.ts';

const mebibyte = 1024 ** 2;

/** Shorter ones are encoded where they come. */
const leastLeft = 16 * 1024;

const fileHere = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'file');
};

/** No byte is where it would be if one were lost or twice. */
const bytesOf = (size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 7 + (at >> 8) * 13 + (at >> 16) * 31) & 255;
  return bytes;
};

const all = bytesOf(4 * mebibyte);

/** A writer to the file with a thread that runs already, and what that has been told to write. */
const running = async (file: string, flags = 'wx') => {
  const disk = await open(file, flags);
  const encoding = createEncodingThread(disk.fd, 0);
  onTestFinished(async () => {
    await encoding.close();
    await disk.close();
  });
  encoding.takes(1);
  expect(await encoding.write([], () => {})).toBe(true);
  const write = vi.fn(encoding.write);
  const failures: NodeJS.ErrnoException[] = [];
  const writer = new DiskWriter({
    open: async () => disk,
    failed: error => failures.push(error),
    mostWaiting: 4 * mebibyte,
    eager: true,
    thread: { ...encoding, write },
  });
  return { writer, encoding, failures, write };
};

const piece = fc.oneof(
  fc.nat(100).map(size => ({ kind: 'text', size }) as const),
  fc.nat(3 * mebibyte).map(size => ({ kind: 'bytes', size }) as const),
  fc.nat(3 * mebibyte).map(size => ({ kind: 'base64', size }) as const),
  fc.integer({ min: leastLeft - 2, max: leastLeft + 2 }).map(size => ({ kind: 'base64', size }) as const),
);

test('whatever is left to it, the file gets every byte once and in order', async () => {
  const file = fileHere();
  const { writer, write, failures } = await running(file);
  let written = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 8 }),
      fc.nat(mebibyte),
      fc.boolean(),
      async (pieces, from, waits) => {
        const before = write.mock.calls.length;
        const wanted: Buffer[] = [];
        for (const { kind, size } of pieces) {
          const bytes = Buffer.from(all.subarray(from, from + size));
          const encoded = bytes.toString(kind === 'bytes' ? 'latin1' : 'base64');
          wanted.push(Buffer.from(encoded, 'latin1'));
          if (kind === 'bytes') writer.append(bytes);
          else if (kind === 'text') writer.appendText(encoded);
          else writer.appendBase64(bytes);
          // It is the writer's own from now on.
          bytes.fill(255);
          writer.appended();
          if (waits) await writer.settled();
        }
        expect(await writer.settled()).toBe(true);
        const isLeft = pieces.some(({ kind, size }) => kind === 'base64' && size >= leastLeft);
        expect(write.mock.calls.length > before).toBe(isLeft);
        const got = readFileSync(file).subarray(written);
        expect(got.equals(Buffer.concat(wanted))).toBe(true);
        written += got.length;
        expect([writer.written(), writer.waiting()]).toEqual([written, 0]);
      },
    ),
    { numRuns: 15 },
  );
  expect(failures).toEqual([]);
});

test('what waits for it counts against the bound, and there is room again when it has written', async () => {
  const { writer } = await running(fileHere());
  writer.appendBase64(all);
  writer.appendBase64(all);
  expect([writer.hasRoom(), writer.waiting()]).toEqual([false, 2 * all.length]);
  const { promise: room, resolve } = Promise.withResolvers<void>();
  writer.onRoom(resolve);
  await room;
  expect(writer.hasRoom()).toBe(true);
});

test.runIf(process.platform === 'linux')('a disk that is full is told once, by its name', async () => {
  const { writer, failures, write } = await running('/dev/full', 'r+');
  writer.appendBase64(all);
  expect(await writer.settled()).toBe(false);
  writer.appendBase64(all);
  expect(await writer.settled()).toBe(false);
  expect(write).toHaveBeenCalledTimes(1);
  expect(failures).toMatchObject([{ code: 'ENOSPC', syscall: 'write' }]);
  expect(failures[0]).toBeInstanceOf(Error);
});

test('a file that cannot be written is told', async () => {
  const file = fileHere();
  await (await open(file, 'wx')).close();
  const { writer, failures } = await running(file, 'r');
  writer.appendBase64(all);
  expect(await writer.settled()).toBe(false);
  expect(failures).toMatchObject([{ code: 'EBADF' }]);
});

/** What a pipe holds (pipe(7)). */
const pipeSize = 64 * 1024;

/** A pipe of a name, and what takes out what is in it now. */
const pipeHere = () => {
  const path = fileHere();
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  const some = Buffer.alloc(mebibyte);
  return {
    path,
    taken: (): number => {
      try {
        return readSync(fd, some);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
        throw error;
      }
    },
  };
};

test.runIf(process.platform === 'linux')(
  'a thread that ends while it writes is told, and nobody waits for it',
  async () => {
    const pipe = pipeHere();
    const { writer, failures, encoding } = await running(pipe.path, 'r+');
    writer.appendBase64(all);
    writer.handOver();
    await expect.poll(pipe.taken).toBeGreaterThan(0);
    let isClosed = false;
    const closing = encoding.close().then(() => {
      isClosed = true;
    });
    // It is in a write(2) that is no end of it, and ends once that has returned.
    await expect.poll(() => pipe.taken() === 0 && isClosed).toBe(true);
    await closing;
    expect(await writer.settled()).toBe(false);
    expect(failures.map(({ message }) => message)).toEqual(['the thread that writes the recording ended']);
  },
);

test.runIf(process.platform === 'linux')(
  'what it has written makes room while it writes the rest',
  async () => {
    const pipe = pipeHere();
    const { writer } = await running(pipe.path, 'r+');
    for (let n = 0; n < 4; n++) writer.appendBase64(all);
    const size = 4 * base64Size(all.length);
    let read = 0;
    let ahead = 0;
    /** It can be no further than the pipe lets it. */
    const written = () => {
      read += pipe.taken();
      ahead = Math.max(ahead, writer.written() - read);
      return writer.written();
    };
    await expect.poll(written, { interval: 1 }).toBeGreaterThan(0);
    expect(read).toBeLessThan(size - mebibyte);
    expect(writer.waiting()).toBeLessThan(4 * all.length);
    await expect.poll(() => written() > 0 && writer.hasRoom(), { interval: 1 }).toBe(true);
    expect(writer.written()).toBeLessThan(size);
    await expect.poll(() => written() === size && read === size, { interval: 1 }).toBe(true);
    expect(await writer.settled()).toBe(true);
    expect(writer.waiting()).toBe(0);
    expect(ahead).toBeLessThanOrEqual(pipeSize);
  },
);

test('what was left to a thread that never comes up is encoded here, as is all that follows', async () => {
  const file = fileHere();
  const disk = await open(file, 'wx');
  onTestFinished(() => disk.close());
  const spy = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
    Worker: class extends EventEmitter {
      ref() {}
      unref() {}
      postMessage() {
        queueMicrotask(() => this.emit('exit', 1));
      }
      terminate() {}
    },
  } as never);
  onTestFinished(() => spy.mockRestore());
  const writer = new DiskWriter({
    open: async () => disk,
    failed: error => {
      throw error;
    },
    mostWaiting: 4 * mebibyte,
    eager: true,
    thread: createEncodingThread(disk.fd, 0),
  });
  for (let round = 0; round < 2; round++) {
    writer.appendText('head ');
    writer.appendBase64(all);
    writer.appendText(' tail');
    expect(await writer.settled()).toBe(true);
  }
  const wanted = `head ${all.toString('base64')} tail`;
  expect(readFileSync(file, 'latin1') === wanted + wanted).toBe(true);
  expect(writer.written()).toBe(2 * wanted.length);
});

test('bytes wait for a thread that is still to come up', async () => {
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const file = fileHere();
  const disk = await open(file, 'wx');
  onTestFinished(() => disk.close());
  const encoding = createEncodingThread(disk.fd, 2 * mebibyte);
  onTestFinished(() => encoding.close());
  const plain = vi.fn(disk.writev.bind(disk));
  const writer = new DiskWriter({
    open: async () => {
      await opened;
      return { fd: disk.fd, writev: plain, close: () => disk.close() };
    },
    failed: error => {
      throw error;
    },
    mostWaiting: 4 * mebibyte,
    eager: true,
    thread: encoding,
  });
  const first = all.subarray(0, mebibyte);
  writer.appendBase64(first);
  writer.appendBase64(all);
  writer.appendBase64(first);
  // Base64 that is made is counted as long as it is, bytes that wait for the thread as many as they are.
  expect(writer.waiting()).toBe(base64Size(first.length) + all.length + first.length);
  resolve();
  expect(await writer.settled()).toBe(true);
  expect(plain).not.toHaveBeenCalled();
  const wanted = [first, all, first].map(bytes => bytes.toString('base64')).join('');
  expect(readFileSync(file, 'latin1') === wanted).toBe(true);
});

test('where no thread can be had it asks for none again', async () => {
  let asked = 0;
  const spy = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
    Worker: class {
      constructor() {
        asked++;
        throw new Error('no thread');
      }
    },
  } as never);
  onTestFinished(() => spy.mockRestore());
  const encoding = createEncodingThread(1, 0);
  expect([1, 2, 3].map(size => encoding.takes(size))).toEqual([false, false, false]);
  expect(await encoding.write([], () => {})).toBe(false);
  expect(asked).toBe(1);
});

/** A call that received or sent so many bytes. */
const entryOf = (n: number, size: number): EndedEntry => {
  const data = all.subarray(n, n + size);
  const about = {
    kind: 'ended',
    n,
    t: n / 3,
    prev: 0,
    id: n,
    actor: 'client',
    thread: 'main',
  } as const;
  const times = { queuedAt: n, inside: 0, looped: true, startedAt: n / 7, seen: false } as const;
  return n % 2 === 0
    ? { ...about, ...times, call: { name: 'recv', on: 'a1', size }, outcome: { kind: 'data', data } }
    : {
        ...about,
        ...times,
        call: { name: 'sendall', on: 'a1', data: { kind: 'literal', data, notation: 'text' } },
        outcome: { kind: 'none' },
      };
};

test('a recording is line for line what each entry is alone, and stopping it waits for all of it', async () => {
  const file = fileHere();
  const header = headerOf(0);
  let plain = 0;
  const recorder = await createRecorder({
    file,
    header,
    open: async path => {
      const disk = await open(path, 'wx', 0o600);
      const counted: Disk = {
        fd: disk.fd,
        writev: parts => {
          plain++;
          return disk.writev(parts);
        },
        close: () => disk.close(),
      };
      return counted;
    },
    failed: error => {
      throw error;
    },
    threadAfter: 0,
  });
  const lines = [encodeHeader(header)];
  let n = 0;
  const take = (sizes: readonly number[]) => {
    const entries = sizes.map(size => entryOf(++n, size));
    lines.push(...entries.map(encodeEntry));
    recorder.take(entries);
  };
  await recorder.settled();
  const before = plain;
  take([100_000]);
  await recorder.settled();
  // Another thread has written it.
  expect(plain).toBe(before);
  const edges = [0, 1, 2, 3, 4096, 4097, leastLeft - 1, leastLeft, leastLeft + 1, leastLeft + 2];
  take(edges);
  for (const size of fc.sample(fc.nat(2 * mebibyte), 24)) take([size, 64, size >> 6]);
  take([...edges, 3 * mebibyte, 64]);
  await recorder.close();
  const text = readFileSync(file, 'latin1');
  expect(text === `${lines.join('\n')}\n`).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

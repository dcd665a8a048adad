import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nativeLibrary } from '../../source/drivers/native/native-library.ts';
import { widenPipe } from '../../source/drivers/native/wide-pipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-wide-pipe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const library = nativeLibrary();

/** How much the pipe takes before write(2) would wait. */
const capacity = (fd: number): number => {
  const piece = Buffer.alloc(4096);
  let taken = 0;
  try {
    for (;;) taken += writeSync(fd, piece);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
  }
  return taken;
};

test.skipIf(typeof library === 'string')('a pipe is widened, and what it holds stays', () => {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  writeSync(fd, 'first');
  widenPipe(fd);
  const room = capacity(fd);
  const start = Buffer.alloc(5);
  readSync(fd, start);
  closeSync(fd);
  expect(start.toString()).toBe('first');
  // A partly filled page takes nothing more of a write that does not fit it (pipe(7)).
  expect(room).toBeGreaterThan((1 << 20) - 2 * 4096);
});

test('what is no pipe is left alone', () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'text');
  const fd = openSync(path, 'r');
  widenPipe(fd);
  widenPipe(-1);
  const text = Buffer.alloc(4);
  readSync(fd, text);
  closeSync(fd);
  expect(text.toString()).toBe('text');
});

import { beforeEach, expect, test, vi } from 'vitest';
import { realProc } from '../../source/traces/proc/real-proc.ts';

/** What the kernel gives, a piece a read at most, and what it was asked for. */
const kernel = vi.hoisted(() => ({ pieces: [] as string[], reads: 0 }));

vi.mock('node:fs', async original => ({
  ...(await original<typeof import('node:fs')>()),
  openSync: () => 3,
  closeSync: () => {},
  readSync: (_: number, into: Buffer, offset: number, length: number) => {
    kernel.reads++;
    const piece = kernel.pieces.shift() ?? '';
    const taken = into.write(piece.slice(0, length), offset, 'latin1');
    if (taken < piece.length) kernel.pieces.unshift(piece.slice(taken));
    return taken;
  },
}));

const row = `${'#'.repeat(149)}\n`;
/** As many rows as a page has room for. */
const page = row.repeat(27);

beforeEach(() => {
  kernel.reads = 0;
});

const read = (path: string, pieces: readonly string[]): string => {
  kernel.pieces = [...pieces];
  const told = realProc.read(path);
  expect(told).toEqual({ ok: true, value: pieces.join('') });
  return pieces.join('');
};

test.each([
  ['1/net/tcp6', [row], 1],
  ['1/net/tcp', [page, page, row], 3],
  // Nothing tells that a full page was the last one.
  ['1/net/udp', [page], 2],
  ['1/status', ['Name:\tx\n'], 1],
  ['1/task/1/syscall', ['running\n'], 1],
  // A path in it may take a whole page: what comes before is short, and no end.
  ['1/maps', ['short\n', page], 3],
])('%s is read to its end, which is asked for only where it is not known', (path, pieces, reads) => {
  read(path, pieces);
  expect(kernel.reads).toBe(reads);
});

test('a table that fills the room is read on, whatever was left of the room', () => {
  const pages = Array.from({ length: 40 }, () => page);
  expect(read('1/net/tcp', [...pages, row])).toHaveLength(40 * page.length + row.length);
});

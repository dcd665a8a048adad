import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { readDescriptor, writeDescriptor } from '../../source/drivers/native/descriptor-io.ts';

const { EBADF } = constants.errno;

const opened = (path: string, flags: string): number => {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
};

/** Of 1 MiB, as receives have, and more, and of so few bytes that V8 may keep them in its heap. */
const sizes = [2 << 20, 1 << 20, 8192, 4096, 4095, 64, 8];

it.each(sizes)('reads into %d bytes where it was told to, and nowhere else', size => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(size).fill(7);
  for (const offset of [0, 3, size - 2]) {
    into.fill(7);
    expect(readDescriptor(fd, into, offset, 2)).toBe(2);
    const zeros = [...into.keys()].filter(at => into[at] === 0);
    expect(zeros).toEqual([offset, offset + 1]);
  }
});

it('reads nothing beyond the end of a buffer', () => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(8192).fill(7);
  expect(readDescriptor(fd, into, 8190, 3)).toBeLessThan(0);
  expect(into.every(byte => byte === 7)).toBe(true);
});

it('reads nothing into memory that was given away since', () => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(8192).fill(7);
  expect(readDescriptor(fd, into, 0, 1)).toBe(1);
  const taken = new Uint8Array(structuredClone(into.buffer, { transfer: [into.buffer] }));
  expect(readDescriptor(fd, into, 1, 1)).toBeLessThan(0);
  expect([taken[0], taken[1]]).toEqual([0, 7]);
});

it('reads into one buffer after the other', () => {
  const fd = opened('/dev/zero', 'r');
  const [one, other] = [new Uint8Array(8192).fill(7), new Uint8Array(8192).fill(7)];
  for (const [into, at] of [
    [one, 0],
    [other, 1],
    [one, 2],
  ] as const)
    expect(readDescriptor(fd, into, at, 1)).toBe(1);
  expect([...one.subarray(0, 3)]).toEqual([0, 7, 0]);
  expect([...other.subarray(0, 3)]).toEqual([7, 0, 7]);
});

it('says what the kernel said', () => {
  expect(readDescriptor(-1, new Uint8Array(8192), 0, 1)).toBe(-EBADF);
  expect(writeDescriptor(-1, new Uint8Array(1))).toBe(-EBADF);
  expect(writeDescriptor(opened('/dev/null', 'w'), new Uint8Array(0))).toBe(0);
  expect(readDescriptor(opened('/dev/null', 'r'), new Uint8Array(8192), 0, 9)).toBe(0);
});

it.each(sizes)('writes %d bytes', size => {
  expect(writeDescriptor(opened('/dev/null', 'w'), new Uint8Array(size))).toBe(size);
});

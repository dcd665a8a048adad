import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, onTestFinished, it as plain } from 'vitest';
import type { InetEndpoint } from '../../source/core/addresses/endpoint.ts';
import { leastOutside } from '../../source/drivers/native/native-socket.ts';
import { available, calls } from './native.ts';

const { EBADF, EFAULT } = constants.errno;

const it = plain.skipIf(!available);
const { read, receive, write } = calls;

const opened = (path: string, flags: string): number => {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
};

/** Of 1 MiB, as receives have, more and less. */
const sizes = [2 << 20, 1 << 20, 8192, leastOutside];

it.each(sizes)('reads into %d bytes where it was told to, and nowhere else', size => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(size).fill(7);
  for (const offset of [0, 3, size - 2]) {
    into.fill(7);
    expect(read(fd, into, offset, 2)).toBe(2);
    const zeros = [...into.keys()].filter(at => into[at] === 0);
    expect(zeros).toEqual([offset, offset + 1]);
  }
});

it.each([
  [8190, 3],
  [-1, 1],
  [0, -1],
  [8193, 0],
  [Number.NaN, 1],
  [0, Number.NaN],
])('reads nothing outside of a buffer: from %d on %d bytes', (offset, length) => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(8192).fill(7);
  expect(read(fd, into, offset, length)).toBe(-EFAULT);
  expect(receive(-1, into, offset, length)).toEqual({ status: -EFAULT });
  expect(into.every(byte => byte === 7)).toBe(true);
});

it('reads nothing into what V8 may move', () => {
  const into = new Uint8Array(leastOutside - 1).fill(7);
  expect(read(opened('/dev/zero', 'r'), into, 0, 1)).toBe(-EFAULT);
  expect(receive(-1, into, 0, 1)).toEqual({ status: -EFAULT });
  expect(into.every(byte => byte === 7)).toBe(true);
});

it('reads nothing into memory that was given away since', () => {
  const fd = opened('/dev/zero', 'r');
  const into = new Uint8Array(8192).fill(7);
  expect(read(fd, into, 0, 1)).toBe(1);
  const taken = new Uint8Array(structuredClone(into.buffer, { transfer: [into.buffer] }));
  expect(read(fd, into, 1, 1)).toBeLessThan(0);
  expect([taken[0], taken[1]]).toEqual([0, 7]);
});

it.each([0, 3, 4_000, 8_182])('receives a datagram at %d, and nowhere else', offset => {
  const bound = (): number => {
    const made = calls.openSocket('AF_INET', 'SOCK_DGRAM');
    onTestFinished(() => void calls.close(made));
    expect(calls.bind(made, 'AF_INET', { host: '127.0.0.1', port: 0 })).toBe(0);
    return made;
  };
  const [fd, sender] = [bound(), bound()];
  const to = calls.local(fd) as InetEndpoint;
  const into = new Uint8Array(8192).fill(7);
  expect(calls.sendTo(sender, 'AF_INET', new Uint8Array(30), to)).toBe(30);
  expect(receive(fd, into, offset, 10)).toEqual({ value: { length: 30, from: calls.local(sender) } });
  expect([...into.keys()].filter(at => into[at] === 0)).toEqual(
    Array.from({ length: 10 }, (_, index) => offset + index),
  );
  const taken = new Uint8Array(structuredClone(into.buffer, { transfer: [into.buffer] }));
  calls.sendTo(sender, 'AF_INET', new Uint8Array(30).fill(1), to);
  expect(receive(fd, into, 0, 10)).toEqual({ status: -EFAULT });
  expect(taken.includes(1)).toBe(false);
});

it('reads into one buffer after the other', () => {
  const fd = opened('/dev/zero', 'r');
  const [one, other] = [new Uint8Array(8192).fill(7), new Uint8Array(8192).fill(7)];
  for (const [into, at] of [
    [one, 0],
    [other, 1],
    [one, 2],
  ] as const)
    expect(read(fd, into, at, 1)).toBe(1);
  expect([...one.subarray(0, 3)]).toEqual([0, 7, 0]);
  expect([...other.subarray(0, 3)]).toEqual([7, 0, 7]);
});

it('says what the kernel said', () => {
  expect(read(-1, new Uint8Array(8192), 0, 1)).toBe(-EBADF);
  expect(receive(-1, new Uint8Array(8192), 0, 1)).toEqual({ status: -EBADF });
  expect(write(-1, new Uint8Array(1))).toBe(-EBADF);
  expect(write(opened('/dev/null', 'w'), new Uint8Array(0))).toBe(0);
  expect(read(opened('/dev/null', 'r'), new Uint8Array(8192), 0, 9)).toBe(0);
});

it.each([...sizes, 64, 8, 1, 0])('writes %d bytes', size => {
  expect(write(opened('/dev/null', 'w'), new Uint8Array(size))).toBe(size);
});

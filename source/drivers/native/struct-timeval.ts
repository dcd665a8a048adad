import { endianness } from 'node:os';

/*
 * struct timeval of the C library: seconds and microseconds, each a long of 8 bytes, of 4 on processors of 32 bits.
 * SO_RCVTIMEO by its old number, as glibc's headers and CPython use it.
 */

const short = process.arch === 'ia32' || process.arch === 'arm';
const little = endianness() === 'LE';

export const timevalBytes = short ? 8 : 16;

const half = timevalBytes / 2;

/** Whole microseconds; a fraction of a second below 0 counts up from the second before it. */
export const encodeTimeval = (ms: number): Uint8Array => {
  const micros = Math.round(ms * 1000);
  const seconds = Math.floor(micros / 1e6);
  const view = new DataView(new ArrayBuffer(timevalBytes));
  const put = (at: number, value: number) =>
    short ? view.setInt32(at, value, little) : view.setBigInt64(at, BigInt(value), little);
  put(0, seconds);
  put(half, micros - seconds * 1e6);
  return new Uint8Array(view.buffer);
};

/** In ms. */
export const decodeTimeval = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const take = (at: number): number =>
    short ? view.getInt32(at, little) : Number(view.getBigInt64(at, little));
  return take(0) * 1000 + take(half) / 1000;
};

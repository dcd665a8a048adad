import { type Failure, failure } from '../calls/outcome.ts';

/*
 * Which numbers CPython 3.11 hands on to the system, and what it raises for the others (Python/getargs.c, formats i and
 * n; Modules/socketmodule.c; Modules/_io). All of it was compared with CPython itself: test/drivers/agree.py.
 */

const long = 2 ** 63;
const int = 2 ** 31;

/** Its header, which a bytes object needs beside its bytes: PyBytesObject_SIZE. */
const bytesHeader = 33;

const typeName = (value: unknown): string => (typeof value === 'string' ? 'str' : 'float');

const isInteger = (value: unknown): value is number => Number.isInteger(value);

const notWhole = (value: unknown): Failure =>
  failure('TYPE', `'${typeName(value)}' object cannot be interpreted as an integer`);

const tooLarge = (type: 'long' | 'ssize_t'): Failure =>
  failure('OVERFLOW', `Python int too large to convert to C ${type}`);

/** An argument of format `i`: whole, and within 32 bits. Null where it is taken. */
export const intObjection = (value: unknown): Failure | null => {
  if (!isInteger(value)) return notWhole(value);
  if (value >= long || value < -long) return tooLarge('long');
  if (value >= int) return failure('OVERFLOW', 'signed integer is greater than maximum');
  return value < -int ? failure('OVERFLOW', 'signed integer is less than minimum') : null;
};

/** setsockopt takes what is no int of 32 bits for a buffer, and says what is wrong with that. */
export const optionObjection = (value: unknown): Failure | null => {
  if (intObjection(value) === null) return null;
  const type = isInteger(value) ? 'int' : typeName(value);
  return failure('TYPE', `a bytes-like object is required, not '${type}'`);
};

/** Two ints packed by struct, as SO_LINGER takes its seconds. */
export const packedObjection = (value: unknown): Failure | null => {
  if (!isInteger(value)) return failure('STRUCT', 'required argument is not an integer');
  if (value >= -int && value < int) return null;
  return failure('STRUCT', `'i' format requires ${-int} <= number <= ${int - 1}`);
};

const allocation = (size: number, memory: number): Failure | null => {
  if (size > long - 1 - bytesHeader) return failure('OVERFLOW', 'byte string is too large');
  return size > memory ? failure('MEMORY', '') : null;
};

/** What recv and recvfrom may ask for, where one allocation can have `memory` bytes. */
export const receiveObjection = (call: string, size: unknown, memory: number): Failure | null => {
  if (!isInteger(size)) return notWhole(size);
  if (size >= long || size < -long) return tooLarge('ssize_t');
  return size < 0 ? failure('VALUE', `negative buffersize in ${call}`) : allocation(size, memory);
};

/** What read of a file object may ask for; below 0 is until EOF, of which a buffered one knows only -1. */
export const readObjection = (size: unknown, buffered: boolean, memory: number): Failure | null => {
  if (!buffered) {
    if (!isInteger(size)) return notWhole(size);
    if (size >= long || size < -long) return tooLarge('ssize_t');
    return size > memory ? failure('MEMORY', '') : null;
  }
  if (!isInteger(size)) return failure('TYPE', `argument should be integer or None, not '${typeName(size)}'`);
  if (size >= long || size < -long)
    return failure('OVERFLOW', "cannot fit 'int' into an index-sized integer");
  if (size < -1) return failure('VALUE', 'read length must be non-negative or -1');
  return allocation(size, memory);
};

/** makefile's buffering: below 0 is the default size, of any length; the buffer is allocated at once. */
export const bufferingObjection = (size: unknown, memory: number): Failure | null => {
  if (!isInteger(size)) return notWhole(size);
  if (size < 0) return null;
  if (size >= long) return tooLarge('ssize_t');
  return size > memory ? failure('MEMORY', '') : null;
};

/** settimeout, in ms: CPython keeps nanoseconds in 64 bits. */
export const timeoutObjection = (ms: number | null): Failure | null => {
  if (ms === null || (ms >= 0 && ms * 1e6 < long)) return null;
  if (Number.isNaN(ms)) return failure('VALUE', 'Invalid value NaN (not a number)');
  if (Math.abs(ms) === Number.POSITIVE_INFINITY)
    return failure('OVERFLOW', 'timestamp out of range for platform time_t');
  if (Math.abs(ms) * 1e6 >= long) return failure('OVERFLOW', 'timestamp too large to convert to C _PyTime_t');
  return failure('VALUE', 'Timeout value out of range');
};

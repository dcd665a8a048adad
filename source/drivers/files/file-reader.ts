import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { readObjection } from '../../core/language/python-numbers.ts';
import { allocatable } from '../native/allocatable.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { FileSocket } from './raw-file.ts';

/** io.DEFAULT_BUFFER_SIZE of CPython 3.11. */
export const defaultBufferSize = 8192;

/**
 * `bufferSize` in bytes, 0: none, each read is one recv. `paired`: reading and writing through one object, whose
 * readline is IOBase's and cannot bear a read that returns None; nor can an unbuffered one's.
 */
export type ReaderOptions = {
  readonly bufferSize: number;
  readonly paired: boolean;
  readonly closed: () => boolean;
};

/** The reading half of a file object: bytes in its buffer are gone from the socket, and no recv will find them. */
export type FileReader = {
  readonly read: (size: number | undefined, timeout: number | null, report: Report) => Running | null;
  /** What is buffered, at most `size` bytes, or else one recv of that size. */
  readonly readOnce: (size: number, timeout: number | null, report: Report) => Running | null;
  readonly readline: (timeout: number | null, report: Report) => Running | null;
  /** Bytes in the buffer. */
  readonly ahead: () => number;
};

/** One read or readline on its way: what it has, and when it has enough. */
type Op = {
  readonly timeout: number | null;
  readonly report: Report;
  /** Bytes to ask the socket for, 0 once there is enough. */
  readonly wants: () => number;
  readonly result: () => Uint8Array;
  /** What to answer where a socket that never waits has nothing: read None, readline b'' or an error. */
  readonly empty: Outcome;
  readonly take: (data: Uint8Array) => void;
  readonly got: () => number;
  /** Looks at what is there before it reads it. */
  readonly peeks: boolean;
  lost: number;
  running: Running | null;
  over: boolean;
};

const nothing = new Uint8Array(0);

const noFlags: readonly never[] = [];

export const createFileReader = (socket: FileSocket, options: ReaderOptions): FileReader => {
  const { bufferSize, paired, closed } = options;
  let buffer: Uint8Array = nothing;
  let timedOut = false;

  const fromBuffer = (count: number): Uint8Array => {
    const part = buffer.subarray(0, count);
    buffer = buffer.subarray(part.length);
    return part;
  };

  const end = (op: Op, outcome: Outcome) => {
    op.over = true;
    op.report(outcome);
  };

  const succeed = (op: Op) => {
    const data = op.result();
    end(op, op.lost > 0 ? { kind: 'data', data, lost: op.lost } : { kind: 'data', data });
  };

  /** IOBase's readline has peeked at the end, and reads on: that finds out whether it was closed meanwhile. */
  const atEnd = (op: Op) => {
    if (op.peeks && closed()) end(op, failure('VALUE', 'read of closed file'));
    else succeed(op);
  };

  const arrived = (op: Op, outcome: Outcome) => {
    op.running = null;
    if (outcome.kind === 'data') {
      if (outcome.data.length === 0) return atEnd(op);
      op.lost += outcome.lost ?? 0;
      op.take(outcome.data);
      return step(op);
    }
    // What was read before an exception is lost with it, as in CPython.
    if (outcome.kind !== 'error' || outcome.code !== 'EAGAIN') return end(op, outcome);
    if (op.got() > 0 && op.empty.kind !== 'error') succeed(op);
    else end(op, op.empty);
  };

  const step = (op: Op) => {
    const size = op.wants();
    if (size === 0) return succeed(op);
    if (timedOut) return end(op, failure('TIMED_OUT_OBJECT'));
    const running = socket.recv({ size, flags: noFlags, timeout: op.timeout }, outcome =>
      arrived(op, outcome),
    );
    if (running) op.running = running;
  };

  const begin = (op: Op): Running | null => {
    step(op);
    if (op.over) return null;
    return {
      stop: reason => {
        op.over = true;
        op.running?.stop(reason);
        if (reason === 'deadline') timedOut = true;
        return 0;
      },
      taken: op.got,
    };
  };

  /** BufferedReader.read: whole buffers straight from the socket, the rest through the buffer. */
  const exactly = (size: number): Omit<Op, 'timeout' | 'report'> => {
    const parts: Uint8Array[] = [];
    let got = 0;
    const add = (part: Uint8Array) => {
      got += part.length;
      if (part.length > 0) parts.push(part);
    };
    add(fromBuffer(size));
    return {
      wants: () => {
        const missing = size - got;
        return missing <= 0 ? 0 : Math.max(bufferSize, missing - (missing % bufferSize));
      },
      take: data => {
        if (size - got >= bufferSize) return add(data);
        buffer = data;
        add(fromBuffer(size - got));
      },
      result: () => Buffer.concat(parts, got),
      empty: { kind: 'none' },
      got: () => got,
      peeks: false,
      lost: 0,
      running: null,
      over: false,
    };
  };

  /** SocketIO.read and BufferedReader.read1: what is buffered, or one recv. */
  const once = (size: number, empty: Outcome): Omit<Op, 'timeout' | 'report'> => {
    let part: Uint8Array | null = buffer.length > 0 ? fromBuffer(size) : null;
    return {
      wants: () => (part ? 0 : size),
      take: data => {
        part = data;
      },
      result: () => part ?? nothing,
      empty,
      got: () => part?.length ?? 0,
      peeks: false,
      lost: 0,
      running: null,
      over: false,
    };
  };

  /** BufferedReader.readline: a newline in the buffer, or the buffer and then the next recv's worth. */
  const line = (): Omit<Op, 'timeout' | 'report'> => {
    const parts: Uint8Array[] = [];
    let got = 0;
    let found = false;
    const take = (data: Uint8Array) => {
      const newline = data.indexOf(10);
      found = newline >= 0;
      buffer = data;
      const part = fromBuffer(found ? newline + 1 : data.length);
      got += part.length;
      parts.push(part);
    };
    take(buffer);
    return {
      wants: () => (found ? 0 : Math.max(1, bufferSize)),
      take,
      result: () => Buffer.concat(parts, got),
      empty:
        paired || bufferSize === 0
          ? failure('UNKNOWN', "read() should have returned a bytes object, not 'NoneType'")
          : { kind: 'data', data: nothing },
      got: () => got,
      peeks: paired && bufferSize > 0,
      lost: 0,
      running: null,
      over: false,
    };
  };

  const reading = (size: number | undefined) => {
    // read() without a size, or below 0, is RawIOBase.readall: 8192 bytes a recv until EOF.
    if (size === undefined || size < 0)
      return { ...exactly(Number.POSITIVE_INFINITY), wants: () => defaultBufferSize };
    return bufferSize === 0 ? once(size, { kind: 'none' }) : exactly(size);
  };

  return {
    read: (size, timeout, report) => {
      const why = size === undefined ? null : readObjection(size, bufferSize > 0, allocatable());
      return why ? answer(report, why) : begin({ ...reading(size), timeout, report });
    },
    readOnce: (size, timeout, report) =>
      begin({ ...once(size, { kind: 'data', data: nothing }), timeout, report }),
    readline: (timeout, report) => begin({ ...line(), timeout, report }),
    ahead: () => buffer.length,
  };
};

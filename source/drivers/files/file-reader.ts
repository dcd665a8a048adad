import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { readObjection } from '../../core/language/python-numbers.ts';
import { allocatable } from '../native/allocatable.ts';
import { answer, type Report } from '../sockets/report.ts';
import { type BufferedRead, exactly, line, once, ReadBuffer, untilEnd } from './buffered-read.ts';
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

/** One read or readline on its way. */
type Op = {
  readonly read: BufferedRead;
  readonly timeout: number | null;
  readonly report: Report;
  lost: number;
  running: Running | null;
  over: boolean;
};

const noFlags: readonly never[] = [];

const nothing: Outcome = { kind: 'data', data: new Uint8Array(0) };

const end = (op: Op, outcome: Outcome) => {
  op.over = true;
  op.report(outcome);
};

const succeed = (op: Op) => {
  const data = op.read.result();
  end(op, op.lost > 0 ? { kind: 'data', data, lost: op.lost } : { kind: 'data', data });
};

/** What was read before an exception is lost with it, as in CPython. */
const fail = (op: Op, outcome: Outcome) => {
  if (outcome.kind !== 'error' || outcome.code !== 'EAGAIN') return end(op, outcome);
  const { empty, got } = op.read;
  if (got() > 0 && empty.kind !== 'error') succeed(op);
  else end(op, empty);
};

export const createFileReader = (socket: FileSocket, options: ReaderOptions): FileReader => {
  const { bufferSize, paired, closed } = options;
  const buffer = new ReadBuffer();
  let timedOut = false;

  /** IOBase's readline has peeked at the end, and reads on: that finds out whether it was closed meanwhile. */
  const atEnd = (op: Op) => {
    if (op.read.peeks && closed()) end(op, failure('VALUE', 'read of closed file'));
    else succeed(op);
  };

  /** Whether more may be wanted. */
  const arrived = (op: Op, outcome: Outcome): boolean => {
    op.running = null;
    if (outcome.kind !== 'data') fail(op, outcome);
    else if (outcome.data.length === 0) atEnd(op);
    else {
      op.lost += outcome.lost ?? 0;
      op.read.take(outcome.data);
      return true;
    }
    return false;
  };

  /** Asks until there is enough. A socket that answers at once is asked in a loop: a line may be thousands of recvs of a byte. */
  const goOn = (op: Op) => {
    for (let asks = true; asks; ) {
      asks = false;
      const size = op.read.wants();
      if (size === 0) return succeed(op);
      if (timedOut) return end(op, failure('TIMED_OUT_OBJECT'));
      let atOnce = true;
      const wanted = { size, flags: noFlags, timeout: op.timeout };
      const running = socket.recv(wanted, outcome => {
        if (!arrived(op, outcome)) return;
        if (atOnce) asks = true;
        else goOn(op);
      });
      atOnce = false;
      if (running) op.running = running;
    }
  };

  const begin = (read: BufferedRead, timeout: number | null, report: Report): Running | null => {
    const op: Op = { read, timeout, report, lost: 0, running: null, over: false };
    goOn(op);
    if (op.over) return null;
    return {
      stop: reason => {
        op.over = true;
        op.running?.stop(reason);
        if (reason === 'deadline') timedOut = true;
        return 0;
      },
      taken: read.got,
    };
  };

  const reading = (size: number | undefined): BufferedRead => {
    if (size === undefined || size < 0) return untilEnd(buffer, defaultBufferSize, bufferSize);
    return bufferSize === 0 ? once(buffer, size, { kind: 'none' }) : exactly(buffer, size, bufferSize);
  };

  return {
    read: (size, timeout, report) => {
      const why = size === undefined ? null : readObjection(size, bufferSize > 0, allocatable());
      return why ? answer(report, why) : begin(reading(size), timeout, report);
    },
    readOnce: (size, timeout, report) => begin(once(buffer, size, nothing), timeout, report),
    readline: (timeout, report) => begin(line(buffer, bufferSize, paired), timeout, report),
    ahead: () => buffer.size(),
  };
};

import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { runChain } from '../sockets/chain.ts';
import { createLock, type Start } from '../sockets/lock.ts';
import { answer, type Report } from '../sockets/report.ts';
import { createFileReader, type FileReader } from './file-reader.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import { closedFile, type RawFile } from './raw-file.ts';

/** Which of CPython's classes it is: io.BufferedReader, BufferedWriter, BufferedRWPair, or SocketIO itself. */
export type BinaryKind = 'reader' | 'writer' | 'pair' | 'raw';

export type BinaryOptions = {
  readonly kind: BinaryKind;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Bytes; 0 for SocketIO. */
  readonly bufferSize: number;
};

/** What binary modes of makefile return; text modes stand on it. */
export type BinaryFile = {
  readonly read: (size: number | undefined, timeout: number | null, report: Report) => Running | null;
  /** What the buffer holds, or one recv's worth: BufferedReader.read1. */
  readonly readOnce: (size: number, timeout: number | null, report: Report) => Running | null;
  readonly readline: (timeout: number | null, report: Report) => Running | null;
  readonly write: (data: Bytes, timeout: number | null, report: Report) => Running | null;
  readonly flush: (timeout: number | null, report: Report) => Running | null;
  /** Flushes, then closes whatever came of that. Waits for the call that is in the buffer. */
  readonly close: (timeout: number | null, report: Report) => Running | null;
};

type CallName = 'read' | 'readline' | 'write' | 'flush';

/** What CPython says to a call on a closed file object. */
const closedText = (kind: BinaryKind, call: CallName): string => {
  if (kind === 'raw' || (kind === 'reader' && call === 'flush')) return closedFile;
  if (call === 'write') return 'write to closed file';
  return kind === 'pair' && call === 'readline' ? 'peek of closed file' : `${call} of closed file`;
};

/** What io.UnsupportedOperation says of the direction that a file object was not made for. */
const wrongWayText = (kind: BinaryKind, call: CallName): string => {
  if (kind === 'raw') return `File or stream is not ${call === 'write' ? 'writable' : 'readable'}.`;
  return call === 'readline' ? 'read' : call;
};

export const createBinaryFile = (raw: RawFile, options: BinaryOptions): BinaryFile => {
  const { kind, readable, writable, bufferSize } = options;
  const reader: FileReader = createFileReader(raw, {
    bufferSize,
    paired: kind === 'pair',
    closed: raw.closed,
  });
  const writer: FileWriter = createFileWriter(raw, bufferSize);
  const reading = createLock();
  const writing = createLock();

  const objection = (call: CallName): Failure | null => {
    const allowed = call === 'flush' || (call === 'write' ? writable : readable);
    // SocketIO looks whether it is closed first, a buffer has no such method at all.
    if (kind === 'raw' && raw.closed()) return failure('VALUE', closedFile);
    if (!allowed) return failure('NOT_OPENED_FOR', wrongWayText(kind, call));
    return raw.closed() && !hasLeft(call) ? failure('VALUE', closedText(kind, call)) : null;
  };

  /** A BufferedRWPair closes its writer and with it the socket, so that its reader does not hear of it: it goes on to its end. */
  const hasLeft = (call: CallName): boolean =>
    kind === 'pair' && (call === 'read' || call === 'readline') && reader.ahead() > 0;

  /** SocketIO has no lock. */
  const guarded = (call: CallName, start: Start, report: Report): Running | null => {
    const why = objection(call);
    if (why) return answer(report, why);
    if (kind === 'raw') return start(report);
    return (call === 'write' || call === 'flush' ? writing : reading).run(start, report);
  };

  const flushOnce = (timeout: number | null, report: Report): Running | null =>
    raw.closed() ? answer(report, ok) : writer.flush(timeout, report);

  /** BufferedWriter.close: what is left to flush goes, and the socket is given up whatever came of it. */
  const closeWriter = (timeout: number | null, report: Report): Running | null =>
    writing.run(
      then =>
        flushOnce(timeout, outcome => {
          raw.close();
          then(outcome);
        }),
      report,
    );

  const closeReader = (report: Report): Running | null =>
    reading.run(then => {
      raw.close();
      return answer(then, ok);
    }, report);

  return {
    read: (size, timeout, report) => guarded('read', then => reader.read(size, timeout, then), report),
    readOnce: (size, timeout, report) =>
      guarded('read', then => reader.readOnce(size, timeout, then), report),
    readline: (timeout, report) => guarded('readline', then => reader.readline(timeout, then), report),
    write: (data, timeout, report) => guarded('write', then => writer.write(data, timeout, then), report),
    flush: (timeout, report) => guarded('flush', then => writer.flush(timeout, then), report),
    close: (timeout, report) =>
      runChain(
        report,
        chain => {
          const last = (first: Outcome) => {
            if (kind === 'writer') chain.end(first);
            else chain.next(closeReader, () => chain.end(first));
          };
          if (kind === 'raw') {
            raw.close();
            chain.end(ok);
          } else if (writable) chain.next(then => closeWriter(timeout, then), last);
          else last(ok);
        },
        raw.close,
      ),
  };
};

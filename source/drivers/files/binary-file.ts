import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { type Chain, runChain } from '../sockets/chain.ts';
import { createLock, type Start } from '../sockets/lock.ts';
import { answer, type Report } from '../sockets/report.ts';
import { createFileReader, type FileReader } from './file-reader.ts';
import { FileWriter } from './file-writer.ts';
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

/** What binary modes of makefile return; text modes stand on it. */
export class BinaryFile {
  private readonly raw: RawFile;
  private readonly options: BinaryOptions;
  private readonly reader: FileReader;
  private readonly writer: FileWriter;
  private readonly reading = createLock();
  private readonly writing = createLock();

  constructor(raw: RawFile, options: BinaryOptions) {
    const { kind, bufferSize } = options;
    this.raw = raw;
    this.options = options;
    this.reader = createFileReader(raw, { bufferSize, paired: kind === 'pair', closed: raw.closed });
    this.writer = new FileWriter(raw, bufferSize);
  }

  read(size: number | undefined, timeout: number | null, report: Report): Running | null {
    return this.guarded('read', then => this.reader.read(size, timeout, then), report);
  }

  /** What the buffer holds, or one recv's worth: BufferedReader.read1. */
  readOnce(size: number, timeout: number | null, report: Report): Running | null {
    return this.guarded('read', then => this.reader.readOnce(size, timeout, then), report);
  }

  readline(timeout: number | null, report: Report): Running | null {
    return this.guarded('readline', then => this.reader.readline(timeout, then), report);
  }

  write(data: Bytes, timeout: number | null, report: Report): Running | null {
    return this.guarded('write', then => this.writer.write(data, timeout, then), report);
  }

  flush(timeout: number | null, report: Report): Running | null {
    return this.guarded('flush', then => this.writer.flush(timeout, then), report);
  }

  /** Flushes, then closes whatever came of that. Waits for the call that is in the buffer. */
  close(timeout: number | null, report: Report): Running | null {
    const { raw } = this;
    const { kind, writable } = this.options;
    const begin = (chain: Chain) => {
      const last = (first: Outcome) => {
        if (kind === 'writer') chain.end(first);
        else
          chain.next(
            then => this.closeReader(then),
            () => chain.end(first),
          );
      };
      if (kind === 'raw') {
        raw.close();
        chain.end(ok);
      } else if (writable) chain.next(then => this.closeWriter(timeout, then), last);
      else last(ok);
    };
    return runChain(report, begin, raw.close);
  }

  /** SocketIO has no lock. */
  private guarded(call: CallName, start: Start, report: Report): Running | null {
    const why = this.objection(call);
    if (why) return answer(report, why);
    if (this.options.kind === 'raw') return start(report);
    return (call === 'write' || call === 'flush' ? this.writing : this.reading).run(start, report);
  }

  private objection(call: CallName): Failure | null {
    const { kind, readable, writable } = this.options;
    const isClosed = this.raw.closed();
    const allowed = call === 'flush' || (call === 'write' ? writable : readable);
    // SocketIO looks whether it is closed first, a buffer has no such method at all.
    if (kind === 'raw' && isClosed) return failure('VALUE', closedFile);
    if (!allowed) return failure('NOT_OPENED_FOR', wrongWayText(kind, call));
    return isClosed && !this.hasLeft(call) ? failure('VALUE', closedText(kind, call)) : null;
  }

  /** A BufferedRWPair closes its writer and with it the socket, so that its reader does not hear of it: it goes on to its end. */
  private hasLeft(call: CallName): boolean {
    const reads = call === 'read' || call === 'readline';
    return this.options.kind === 'pair' && reads && this.reader.ahead() > 0;
  }

  /** BufferedWriter.close: what is left to flush goes, and the socket is given up whatever came of it. */
  private closeWriter(timeout: number | null, report: Report): Running | null {
    const { raw, writer } = this;
    return this.writing.run(then => {
      const flushed: Report = outcome => {
        raw.close();
        then(outcome);
      };
      return raw.closed() ? answer(flushed, ok) : writer.flush(timeout, flushed);
    }, report);
  }

  private closeReader(report: Report): Running | null {
    return this.reading.run(then => {
      this.raw.close();
      return answer(then, ok);
    }, report);
  }
}

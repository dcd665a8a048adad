import type { Bytes } from '../core/bytes.ts';
import type { Running } from '../core/driver.ts';
import { type Failure, failure, ok } from '../core/outcome.ts';
import { createFileReader, defaultBufferSize, type FileReader } from './file-reader.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import { answer, type Report } from './report.ts';
import type { Wanted } from './tcp-reading.ts';
import type { Outgoing } from './tcp-writing.ts';

/** The two primitives that a file object stands on. */
export type FileSocket = {
  readonly recv: (wanted: Wanted, report: Report) => Running | null;
  readonly send: (outgoing: Outgoing, report: Report) => Running | null;
};

/**
 * What socket.makefile returns: a BufferedReader and a BufferedWriter over SocketIO, or SocketIO itself where there is
 * no buffering (Python's io and socket documentation). Text modes are answered in bytes: UTF-8, no newline translation.
 */
export type FileObject = {
  readonly read: (size: number | undefined, timeout: number | null, report: Report) => Running | null;
  readonly readline: (timeout: number | null, report: Report) => Running | null;
  readonly write: (data: Bytes, timeout: number | null, report: Report) => Running | null;
  readonly flush: (timeout: number | null, report: Report) => Running | null;
  /** Flushes, then closes whatever came of that; the socket itself closes with its last file object. */
  readonly close: (timeout: number | null, report: Report) => Running | null;
};

/** makefile's arguments; `buffering` in bytes, 0 for none. */
export type FileMode = { readonly mode: string; readonly buffering?: number };

/** Why Python would refuse them, '' where it would not. */
export const modeObjection = ({ mode, buffering }: FileMode): string => {
  if (!/^[rwb]*$/.test(mode)) return `invalid mode '${mode}' (only r, w, b allowed)`;
  return buffering === 0 && !mode.includes('b') ? 'unbuffered streams must be binary' : '';
};

/** `released` is called once, when the file object is closed. */
export const createFileObject = (
  socket: FileSocket,
  { mode, buffering = defaultBufferSize }: FileMode,
  released: () => void,
): FileObject => {
  const writable = mode.includes('w');
  const readable = mode.includes('r') || !writable;
  // 1 asks for lines, which binary files do not have: CPython takes its default, as it does below 0.
  const bufferSize = buffering === 1 || buffering < 0 ? defaultBufferSize : buffering;
  const reader: FileReader = createFileReader(socket, { bufferSize, paired: readable && writable });
  const writer: FileWriter = createFileWriter(socket, bufferSize);
  let closed = false;

  /** What CPython says of the direction that a file object was not made for: by buffered, raw or text classes. */
  const unsupported = (direction: 'read' | 'write'): string => {
    if (!mode.includes('b')) return `not ${direction === 'read' ? 'readable' : 'writable'}`;
    if (bufferSize > 0) return direction;
    return `File or stream is not ${direction === 'read' ? 'readable' : 'writable'}.`;
  };

  const objection = (call: string, direction: 'read' | 'write' | null): Failure | null => {
    const wrong = direction !== null && !(direction === 'read' ? readable : writable);
    // A buffered class lacks the other direction altogether; the others look first whether they are closed.
    if (closed && !(wrong && bufferSize > 0 && mode.includes('b')))
      return failure('VALUE', call === 'write' ? 'write to closed file' : `${call} of closed file`);
    return wrong ? failure('NOT_OPENED_FOR', unsupported(direction)) : null;
  };

  const close = () => {
    closed = true;
    released();
  };

  return {
    read: (size, timeout, report) => {
      const why = objection('read', 'read');
      return why ? answer(report, why) : reader.read(size, timeout, report);
    },
    readline: (timeout, report) => {
      const why = objection('readline', 'read');
      return why ? answer(report, why) : reader.readline(timeout, report);
    },
    write: (data, timeout, report) => {
      const why = objection('write', 'write');
      return why ? answer(report, why) : writer.write(data, timeout, report);
    },
    flush: (timeout, report) => {
      const why = objection('flush', null);
      return why ? answer(report, why) : writer.flush(timeout, report);
    },
    close: (timeout, report) => {
      if (closed) {
        report(ok);
        return null;
      }
      const running = writer.flush(timeout, outcome => {
        close();
        report(outcome);
      });
      if (!running) return null;
      return {
        stop: reason => {
          const count = running.stop(reason);
          close();
          return count;
        },
        taken: running.taken,
      };
    },
  };
};

import type { Bytes } from '../core/bytes.ts';
import type { Running } from '../core/driver.ts';
import { failure, ok } from '../core/outcome.ts';
import { createFileReader, defaultBufferSize, type FileReader } from './file-reader.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import type { Report } from './report.ts';
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

const refuse = (report: Report, detail: string): null => {
  report(failure('VALUE', detail));
  return null;
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

  /** io.UnsupportedOperation is a ValueError (and an OSError); its text is the call's name. */
  const objection = (call: string, allowed: boolean): string => {
    if (closed) return call === 'write' ? 'write to closed file' : `${call} of closed file`;
    return allowed ? '' : call;
  };

  const close = () => {
    closed = true;
    released();
  };

  return {
    read: (size, timeout, report) => {
      const why = objection('read', readable);
      return why ? refuse(report, why) : reader.read(size, timeout, report);
    },
    readline: (timeout, report) => {
      const why = objection('readline', readable);
      return why ? refuse(report, why) : reader.readline(timeout, report);
    },
    write: (data, timeout, report) => {
      const why = objection('write', writable);
      return why ? refuse(report, why) : writer.write(data, timeout, report);
    },
    flush: (timeout, report) => {
      const why = objection('flush', true);
      return why ? refuse(report, why) : writer.flush(timeout, report);
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

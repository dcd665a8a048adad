import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { Outgoing } from '../sockets/send-in-flight.ts';
import type { Wanted } from '../sockets/tcp-reading.ts';

/**
 * What socket.makefile returns (Python's io and socket documentation). Text is handed out and taken as UTF-8.
 */
export type FileObject = {
  readonly read: (size: number | undefined, timeout: number | null, report: Report) => Running | null;
  readonly readline: (timeout: number | null, report: Report) => Running | null;
  readonly write: (data: Bytes, timeout: number | null, report: Report) => Running | null;
  readonly flush: (timeout: number | null, report: Report) => Running | null;
  /** Flushes, then closes whatever came of that; the socket itself closes with its last file object. */
  readonly close: (timeout: number | null, report: Report) => Running | null;
};

/** When the last recv and the last send of a file object began, in ms of performance.now(). */
export type LastCalls = { in: number; out: number };

/** A file object, and when it last called its socket. `isText`: its reads first pass on what was written. */
export type OpenFile = { readonly object: FileObject; readonly last: LastCalls; readonly isText: boolean };

/** The two primitives that a file object stands on. */
export type FileSocket = {
  readonly recv: (wanted: Wanted, report: Report) => Running | null;
  readonly send: (outgoing: Outgoing, report: Report) => Running | null;
};

/** socket.SocketIO: the socket's primitives until it is closed. */
export type RawFile = FileSocket & {
  readonly closed: () => boolean;
  readonly close: () => void;
  readonly last: LastCalls;
};

export const closedFile = 'I/O operation on closed file.';

/** `released` is called once, when it is closed; a recv or send in flight goes on. */
export const createRawFile = (socket: FileSocket, released: () => void): RawFile => {
  let closed = false;
  const last: LastCalls = { in: 0, out: 0 };
  const refuse = (report: Report) => answer(report, failure('VALUE', closedFile));
  return {
    recv: (wanted, report) => {
      last.in = performance.now();
      return closed ? refuse(report) : socket.recv(wanted, report);
    },
    send: (outgoing, report) => {
      last.out = performance.now();
      return closed ? refuse(report) : socket.send(outgoing, report);
    },
    last,
    closed: () => closed,
    close: () => {
      if (closed) return;
      closed = true;
      released();
    },
  };
};

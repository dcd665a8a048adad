import type { Running } from '../../core/model/driver.ts';
import { failure } from '../../core/model/outcome.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { Wanted } from '../sockets/tcp-reading.ts';
import type { Outgoing } from '../sockets/tcp-writing.ts';

/** The two primitives that a file object stands on. */
export type FileSocket = {
  readonly recv: (wanted: Wanted, report: Report) => Running | null;
  readonly send: (outgoing: Outgoing, report: Report) => Running | null;
};

/** socket.SocketIO: the socket's primitives until it is closed. */
export type RawFile = FileSocket & { readonly closed: () => boolean; readonly close: () => void };

export const closedFile = 'I/O operation on closed file.';

/** `released` is called once, when it is closed; a recv or send in flight goes on. */
export const createRawFile = (socket: FileSocket, released: () => void): RawFile => {
  let closed = false;
  const refuse = (report: Report) => answer(report, failure('VALUE', closedFile));
  return {
    recv: (wanted, report) => (closed ? refuse(report) : socket.recv(wanted, report)),
    send: (outgoing, report) => (closed ? refuse(report) : socket.send(outgoing, report)),
    closed: () => closed,
    close: () => {
      if (closed) return;
      closed = true;
      released();
    },
  };
};

import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { bufferingObjection } from '../../core/language/python-numbers.ts';
import { allocatable } from '../native/allocatable.ts';
import { answer } from '../sockets/report.ts';
import type { Row, SocketTable } from '../sockets/socket-table.ts';
import { createFileObject, type FileMode, modeObjection } from './file-object.ts';
import type { FileSocket } from './raw-file.ts';

/** What every recv and send of a socket answers whose descriptor is closed. */
const closedSocket: FileSocket = {
  recv: ({ size }, report) =>
    // CPython makes no system call of recv(0).
    answer(report, size === 0 ? { kind: 'data', data: new Uint8Array(0) } : failure('EBADF')),
  send: (_outgoing, report) => answer(report, failure('EBADF')),
};

const primitivesOf = (row: Row): FileSocket => {
  const { socket } = row;
  const open: FileSocket =
    socket.type === 'SOCK_STREAM'
      ? socket
      : {
          recv: (asked, report) => socket.recv(asked, false, report),
          send: ({ data, all, timeout }, report) => socket.send(null, { data, all, timeout }, report),
        };
  const now = () => (row.gone ? closedSocket : open);
  return {
    recv: (asked, report) => now().recv(asked, report),
    send: (data, report) => now().send(data, report),
  };
};

/** A file object; on a socket that is closed too (`row` undefined), whose calls then fail one by one, as in CPython. */
export const makefile = (
  table: SocketTable,
  row: Row | undefined,
  mode: FileMode,
  name: () => string,
): Outcome => {
  const why = modeObjection(mode);
  if (why) return failure('VALUE', why);
  const refused = mode.buffering === undefined ? null : bufferingObjection(mode.buffering, allocatable());
  if (refused) return refused;
  const made = name();
  if (row) row.files++;
  const released = () => {
    if (row) table.released(row);
  };
  table.addFile(made, createFileObject(row ? primitivesOf(row) : closedSocket, mode, released));
  return { kind: 'made', name: made };
};

import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { bufferingObjection } from '../../core/language/python-numbers.ts';
import { allocatable } from '../native/allocatable.ts';
import { answer } from '../sockets/report.ts';
import type { Row, SocketTable } from '../sockets/socket-table.ts';
import { BinaryFile, type BinaryKind } from './binary-file.ts';
import { defaultBufferSize } from './file-reader.ts';
import { createRawFile, type FileSocket, type OpenFile } from './raw-file.ts';
import { createTextFile } from './text-file.ts';

/** makefile's arguments; `buffering` in bytes, 0 for none. */
type FileMode = { readonly mode: string; readonly buffering?: number };

/** Why Python would refuse them, '' where it would not. */
const modeObjection = ({ mode, buffering }: FileMode): string => {
  if (!/^[rwb]*$/.test(mode)) return `invalid mode '${mode}' (only r, w, b allowed)`;
  return buffering === 0 && !mode.includes('b') ? 'unbuffered streams must be binary' : '';
};

const kindOf = (readable: boolean, writable: boolean, bufferSize: number): BinaryKind => {
  if (bufferSize === 0) return 'raw';
  if (readable && writable) return 'pair';
  return writable ? 'writer' : 'reader';
};

/** `released` is called once, when the file object is closed. */
export const createFileObject = (
  socket: FileSocket,
  { mode, buffering = defaultBufferSize }: FileMode,
  released: () => void,
): OpenFile => {
  const writable = mode.includes('w');
  const readable = mode.includes('r') || !writable;
  const bufferSize = buffering < 0 ? defaultBufferSize : buffering;
  const raw = createRawFile(socket, released);
  const kind = kindOf(readable, writable, bufferSize);
  const binary = new BinaryFile(raw, { kind, readable, writable, bufferSize });
  const isText = !mode.includes('b');
  const object = isText ? createTextFile(binary, { readable, writable, closed: raw.closed }) : binary;
  return { object, last: raw.last, isText };
};

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
  const socket = row ? primitivesOf(row) : closedSocket;
  table.addFile(made, row, released => createFileObject(socket, mode, released));
  return { kind: 'made', name: made };
};

import { endianness } from 'node:os';
import type { UnixSocket } from '../../core/model/socket-facts.ts';
import { type DumpPart, decodeDump, putHead } from './dump.ts';

/*
 * The messages by which ss asks the kernel for all Unix sockets. Sources: sock_diag(7), linux/netlink.h, linux/unix_diag.h.
 */

const littleEndian = endianness() === 'LE';

const messageBytes = 16;
const AF_UNIX = 1;
const everyState = 0xffff_ffff;
const noCookie = 0xffff_ffff;
const UDIAG_SHOW_PEER = 0x4;
const UDIAG_SHOW_RQLEN = 0x10;
const UNIX_DIAG_PEER = 2;
const UNIX_DIAG_RQLEN = 4;
const UNIX_DIAG_SHUTDOWN = 6;

/** struct nlmsghdr (16 bytes) and struct unix_diag_req (24). */
const query = (inode: number, all: boolean): Uint8Array => {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  putHead(view, all);
  view.setUint8(16, AF_UNIX);
  view.setUint32(20, everyState, littleEndian);
  view.setUint32(24, inode, littleEndian);
  view.setUint32(28, UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN, littleEndian);
  view.setUint32(32, noCookie, littleEndian);
  view.setUint32(36, noCookie, littleEndian);
  return bytes;
};

/** One query for all. */
export const unixQuery = (): Uint8Array => query(0, true);

export const oneUnixQuery = (inode: number): Uint8Array => query(inode, false);

const decodeSocket = (view: DataView, start: number, end: number): UnixSocket => {
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const socket = { inode: u32(start + 4), peer: 0, rcvQ: 0, sndQ: 0, shut: 0 };
  for (let at = start + messageBytes; at + 4 <= end; ) {
    const length = view.getUint16(at, littleEndian);
    if (length < 4 || at + length > end) break;
    const value = at + 4;
    switch (view.getUint16(at + 2, littleEndian)) {
      case UNIX_DIAG_PEER:
        socket.peer = u32(value);
        break;
      case UNIX_DIAG_RQLEN:
        socket.rcvQ = u32(value);
        socket.sndQ = u32(value + 4);
        break;
      case UNIX_DIAG_SHUTDOWN:
        socket.shut = view.getUint8(value);
        break;
    }
    at += (length + 3) & ~3;
  }
  return socket;
};

export const decodeUnixAnswers = (bytes: Uint8Array): DumpPart<UnixSocket> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeDump(view, messageBytes, (start, end) => decodeSocket(view, start, end));
};

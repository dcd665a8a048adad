import { endianness } from 'node:os';

/*
 * A question about all sockets begins with a head, and is answered by datagrams of messages, the last of which says so.
 * Sources: netlink(7), sock_diag(7), linux/netlink.h.
 */

const littleEndian = endianness() === 'LE';

const headerBytes = 16;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP = 0x300;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

/** Writes struct nlmsghdr in front of a question that is as long as the view, about one socket or `all`. */
export const putHead = (view: DataView, all: boolean): void => {
  view.setUint32(0, view.byteLength, littleEndian);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, littleEndian);
  view.setUint16(6, all ? NLM_F_REQUEST | NLM_F_DUMP : NLM_F_REQUEST, littleEndian);
};

/** What one datagram of the kernel's holds: `more` follows, or `refused`: no such module, or not allowed. */
export type DumpPart<T> = { readonly sockets: readonly T[]; readonly next: 'more' | 'end' | 'refused' };

/** Each socket of a datagram by `decode`, from where its message begins, which has `least` bytes, to where it ends. */
export const decodeDump = <T>(
  view: DataView,
  least: number,
  decode: (start: number, end: number) => T,
): DumpPart<T> => {
  const sockets: T[] = [];
  for (let at = 0; at + headerBytes <= view.byteLength; ) {
    const length = view.getUint32(at, littleEndian);
    if (length < headerBytes || at + length > view.byteLength) break;
    const kind = view.getUint16(at + 4, littleEndian);
    // A negative errno behind the last header is why there was no more (net/netlink/af_netlink.c): no module tcp_diag.
    const failed = length >= headerBytes + 4 && view.getInt32(at + headerBytes, littleEndian) < 0;
    if (kind === NLMSG_DONE) return { sockets, next: failed ? 'refused' : 'end' };
    if (kind === NLMSG_ERROR) return { sockets, next: 'refused' };
    if (kind === SOCK_DIAG_BY_FAMILY && length >= headerBytes + least)
      sockets.push(decode(at + headerBytes, at + length));
    at += (length + 3) & ~3;
  }
  return { sockets, next: 'more' };
};

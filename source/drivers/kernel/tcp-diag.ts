import { endianness } from 'node:os';
import type { LineTeller, NetLine } from '../../core/model/net-line.ts';
import { rowState } from '../../core/model/proc-net.ts';
import type { TcpTable } from '../../core/model/socket-facts.ts';
import { familyNumber } from '../native/socket-address.ts';
import { type DumpPart, decodeDump, putHead } from './dump.ts';
import { decodeRow, queryBytes } from './sock-diag.ts';

/*
 * The messages by which ss asks the kernel for all TCP sockets: their text in /proc/net/tcp takes it several times as long.
 * Sources: sock_diag(7), linux/netlink.h, linux/inet_diag.h.
 */

const messageBytes = 72;
const IPPROTO_TCP = 6;
/** A bit for each state of include/net/tcp_states.h. */
const allButTimeWait = 0xffff_ffff - 2 ** 6;

const littleEndian = endianness() === 'LE';

const families = { tcp: familyNumber.AF_INET, tcp6: familyNumber.AF_INET6 } as const;

/** struct nlmsghdr (16 bytes) and struct inet_diag_req_v2 (56). */
export const tcpQuery = (table: TcpTable): Uint8Array => {
  const bytes = new Uint8Array(queryBytes);
  const view = new DataView(bytes.buffer);
  putHead(view, true);
  view.setUint8(16, families[table]);
  view.setUint8(17, IPPROTO_TCP);
  view.setUint32(20, allButTimeWait, littleEndian);
  return bytes;
};

/** Where the members of struct inet_diag_msg begin. */
const place = { state: 1, ownPort: 4, otherPort: 6, ownHost: 8, otherHost: 24, user: 64, inode: 68 } as const;

const digits = (value: number, width: number): string =>
  value.toString(16).toUpperCase().padStart(width, '0');

/** The words of an IPv4 address in IPv6's form, but for the last, as this machine reads them. */
const mapped = [0, 0, littleEndian ? 0xffff_0000 : 0xffff];

/** Each address, port and word of them is made digits once: a server's thousand connections have most in common. */
const createDigits = () => {
  const words = new Map<number, string>();
  const ports = new Map<number, string>();
  const kept = (known: Map<number, string>, value: number, width: number): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const made = digits(value, width);
    known.set(value, made);
    return made;
  };
  return {
    word: (value: number) => kept(words, value, 8),
    port: (value: number) => kept(ports, value, 4),
  };
};

const messageTeller = (view: DataView<ArrayBuffer>): LineTeller => ({
  state: at => rowState(view.getUint8(at + place.state), false),
  user: at => view.getUint32(at + place.user, littleEndian),
  row: at => decodeRow(view, at, at + messageBytes, 'SOCK_STREAM'),
});

/** Takes a dump of a family apart, datagram after datagram, each of which its rows keep. */
export const tcpDecoder = (table: TcpTable): ((bytes: Uint8Array<ArrayBuffer>) => DumpPart<NetLine>) => {
  const { word, port } = createDigits();
  const hostAt = (view: DataView, at: number): string => {
    if (table === 'tcp') return word(view.getUint32(at, littleEndian));
    const words = [0, 4, 8, 12].map(offset => view.getUint32(at + offset, littleEndian));
    const isMapped = mapped.every((value, index) => words[index] === value);
    return (isMapped ? words.slice(3) : words).map(word).join('');
  };
  const pairAt = (view: DataView, at: number): string => {
    const own = `${hostAt(view, at + place.ownHost)}:${port(view.getUint16(at + place.ownPort))}`;
    return `${own} ${hostAt(view, at + place.otherHost)}:${port(view.getUint16(at + place.otherPort))}`;
  };
  return bytes => {
    const view = new DataView(bytes.buffer);
    const teller = messageTeller(view);
    return decodeDump(view, messageBytes, at => {
      const inode = view.getUint32(at + place.inode, littleEndian);
      return { pair: pairAt(view, at), inode, table, teller, at };
    });
  };
};

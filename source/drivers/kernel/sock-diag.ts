import { endianness } from 'node:os';
import { type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily, SocketType } from '../../core/model/names.ts';
import { type NetRow, rowState, rowTimer } from '../../core/model/proc-net.ts';
import { transportOf } from '../../core/model/transports.ts';
import { encodeSocketAddress, familyNumber, hostOf } from '../native/socket-address.ts';
import { putHead } from './dump.ts';

/*
 * The messages of NETLINK_SOCK_DIAG by which ss asks the kernel for one socket. Sources: sock_diag(7), linux/netlink.h,
 * linux/inet_diag.h.
 */

/** Which socket: `remote` null is a listener, or a datagram socket without a peer. */
export type DiagQuery = {
  readonly family: InetFamily;
  readonly type: SocketType;
  readonly local: InetEndpoint;
  readonly remote: InetEndpoint | null;
};

/** An answer: the row, or null where the kernel has no such socket. `seq` is the query's. */
export type DiagAnswer = { readonly seq: number; readonly row: NetRow | null };

/** One query: struct nlmsghdr (16 bytes) and struct inet_diag_req_v2 (56). */
export const queryBytes = 72;

const headerBytes = 16;
const messageBytes = 72;
const SOCK_DIAG_BY_FAMILY = 20;
const NLMSG_ERROR = 2;
const INET_DIAG_SKMEMINFO = 7;
const SK_MEMINFO_DROPS = 8;
const everyState = 0xffff_ffff;
const noCookie = 0xffff_ffff;

const littleEndian = endianness() === 'LE';

/** The port and the 16 bytes of address of one end, in network order, and the interface that a zone names. */
const putEnd = (
  view: DataView,
  at: { port: number; address: number; zone: number },
  family: InetFamily,
  end: InetEndpoint,
) => {
  const encoded = encodeSocketAddress(family, end);
  const from = new DataView(encoded.buffer);
  view.setUint16(at.port, from.getUint16(2));
  const bytes = family === 'AF_INET' ? encoded.subarray(4, 8) : encoded.subarray(8, 24);
  new Uint8Array(view.buffer, view.byteOffset + at.address).set(bytes);
  const zone = family === 'AF_INET6' ? from.getUint32(24, littleEndian) : 0;
  if (zone !== 0) view.setUint32(at.zone, zone, littleEndian);
};

/** Writes one query, `queryBytes` long, at `offset`. */
export const encodeQuery = (into: Uint8Array, offset: number, query: DiagQuery, seq: number): void => {
  const { family, local, remote } = query;
  const isUdp = transportOf(query).id === 'udp';
  into.fill(0, offset, offset + queryBytes);
  const view = new DataView(into.buffer, into.byteOffset + offset, queryBytes);
  putHead(view, false);
  view.setUint32(8, seq, littleEndian);
  view.setUint8(16, familyNumber[family]);
  view.setUint8(17, transportOf(query).protocol);
  view.setUint8(18, isUdp ? 1 << (INET_DIAG_SKMEMINFO - 1) : 0);
  view.setUint32(20, everyState, littleEndian);
  const source = { port: 24, address: 28, zone: 60 };
  const destination = { port: 26, address: 44, zone: 60 };
  // For UDP the kernel looks at the two ends the other way round ("swapped for historical reasons", net/ipv4/udp_diag.c).
  putEnd(view, isUdp ? destination : source, family, local);
  if (remote) putEnd(view, isUdp ? source : destination, family, remote);
  view.setUint32(64, noCookie, littleEndian);
  view.setUint32(68, noCookie, littleEndian);
};

/** SK_MEMINFO_DROPS of the attribute INET_DIAG_SKMEMINFO, 0 where it is missing. */
const dropsIn = (view: DataView, start: number, end: number): number => {
  for (let at = start; at + 4 <= end; ) {
    const length = view.getUint16(at, littleEndian);
    const type = view.getUint16(at + 2, littleEndian);
    const drops = at + 4 + SK_MEMINFO_DROPS * 4;
    if (type === INET_DIAG_SKMEMINFO && drops + 4 <= at + length) return view.getUint32(drops, littleEndian);
    if (length < 4) return 0;
    at += (length + 3) & ~3;
  }
  return 0;
};

/** struct inet_diag_msg: family, state, timer, retrans, the two ends, expires (ms), rqueue, wqueue, uid, inode. */
export const decodeRow = (view: DataView, start: number, end: number, type: SocketType): NetRow => {
  const u32 = (at: number) => view.getUint32(start + at, littleEndian);
  const size = view.getUint8(start) === familyNumber.AF_INET6 ? 16 : 4;
  const state = rowState(view.getUint8(start + 1), type === 'SOCK_DGRAM');
  const timer = rowTimer(view.getUint8(start + 2));
  const endAt = (port: number, address: number): InetEndpoint => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start + address, size);
    return inet(hostOf(bytes), view.getUint16(start + port));
  };
  return {
    local: endAt(4, 8),
    remote: endAt(6, 24),
    state,
    timer,
    // Beside another timer the kernel counts probes here.
    retransmits: timer === 'retransmit' ? view.getUint8(start + 3) : 0,
    timerMs: u32(52),
    rcvQ: u32(56),
    // A listener has its backlog here.
    sndQ: state === 'LISTEN' ? 0 : u32(60),
    inode: u32(68),
    drops: dropsIn(view, start + messageBytes, end),
  };
};

/** The answers in one datagram of the kernel's. `typeOf` tells what kind of socket a query was about. */
export const decodeAnswers = (bytes: Uint8Array, typeOf: (seq: number) => SocketType): DiagAnswer[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const answers: DiagAnswer[] = [];
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = view.getUint32(at, littleEndian);
    if (length < headerBytes || at + length > bytes.length) break;
    const kind = view.getUint16(at + 4, littleEndian);
    const seq = view.getUint32(at + 8, littleEndian);
    const whole = length >= headerBytes + messageBytes;
    if (kind === NLMSG_ERROR) answers.push({ seq, row: null });
    else if (kind === SOCK_DIAG_BY_FAMILY && whole) {
      answers.push({ seq, row: decodeRow(view, at + headerBytes, at + length, typeOf(seq)) });
    }
    at += (length + 3) & ~3;
  }
  return answers;
};

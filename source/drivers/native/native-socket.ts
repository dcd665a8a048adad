import { constants } from 'node:os';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Owner } from '../../core/calls/outcome.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { decodeTcpInfo, type TcpInfo, tcpInfoBytes } from '../kernel/tcp-info.ts';
import type { Status } from '../sockets/ends.ts';
import type { Literal } from '../system/literal.ts';
import { type NativeLibrary, nativeLibrary } from './native-library.ts';
import {
  createAddressReader,
  decodeAddress,
  encodeAddress,
  familyNumber,
  largestAddressBytes,
} from './socket-address.ts';
import { decodeTimeval, encodeTimeval, timevalBytes } from './struct-timeval.ts';

/** What was read, or a negative errno where the kernel refused. */
export type Reading<T> = { readonly value: T } | { readonly status: Status };

export type From = { readonly from: Endpoint };

/**
 * Socket calls that Node has not, on a descriptor. None of them waits: those that could are made with MSG_DONTWAIT. A
 * Status is 0 or a count, or a negative errno. Addresses are literal ones of the family; host '' is every interface.
 */
export type NativeSockets = {
  /** `value`: an int, or the bytes of a struct. */
  readonly setsockopt: (fd: number, level: number, option: number, value: number | Uint8Array) => Status;
  /** An option that is an int, by the numbers of the kernel's headers (option-numbers.ts). */
  readonly getInt: (fd: number, level: number, option: number) => Reading<number>;
  /** Seconds that close waits for what is unsent; 0: close resets; null: off, close does not wait. */
  readonly getLinger: (fd: number) => Reading<number | null>;
  readonly setLinger: (fd: number, seconds: number | null) => Status;
  /** SO_RCVTIMEO and SO_SNDTIMEO, in ms; 0: for ever. */
  readonly getTime: (fd: number, option: number) => Reading<number>;
  readonly setTime: (fd: number, option: number, ms: number) => Status;
  readonly tcpInfo: (fd: number) => Reading<TcpInfo>;
  /** SO_PEERCRED of a Unix socket (unix(7)). */
  readonly peerOwner: (fd: number) => Reading<Owner>;
  /**
   * read(2), from `offset` on: half as dear as by node:fs, which looks at each argument, asks its tracing, and throws where there is
   * nothing to read. Into memory outside of V8's heap only, which stays where it is: `leastOutside` bytes and more.
   */
  readonly read: (fd: number, into: Uint8Array, offset: number, length: number) => Status;
  /** write(2); Node ignores SIGPIPE, so a dead connection is EPIPE. */
  readonly write: (fd: number, data: Uint8Array) => Status;
  /** recv with MSG_PEEK; 0 is EOF. */
  readonly peek: (fd: number, into: Uint8Array) => Status;
  /** The urgent byte, by MSG_OOB (tcp(7)): EINVAL where there is none. */
  readonly receiveUrgent: (fd: number, into: Uint8Array) => Status;
  /** The last of these bytes as the urgent one. */
  readonly sendUrgent: (fd: number, data: Uint8Array) => Status;
  /** One datagram to this address, whatever peer the socket is connected to. */
  readonly sendTo: (fd: number, family: Family, data: Uint8Array, to: Literal) => Status;
  /** One datagram to the connected peer. */
  readonly send: (fd: number, data: Uint8Array) => Status;
  /**
   * recvfrom: one datagram, as much of it as there is room for, its whole length (MSG_TRUNC), and its sender. Into memory as `read`
   * wants it.
   */
  readonly receive: (
    fd: number,
    into: Uint8Array,
    offset: number,
    length: number,
  ) => Reading<{ readonly length: number } & From>;
  /** A socket with nothing set or bound yet: its descriptor, non-blocking and the caller's to close. */
  readonly openSocket: (family: Family, type: SocketType) => Status;
  readonly bind: (fd: number, family: Family, address: Literal) => Status;
  readonly connect: (fd: number, family: Family, address: Literal) => Status;
  readonly listen: (fd: number, backlog: number) => Status;
  /** A connection of the accept queue; its peer is told even where it has gone since. */
  readonly accept: (fd: number) => Reading<{ readonly fd: number } & From>;
  readonly shutdown: (fd: number, how: ShutdownHow) => Status;
  readonly local: (fd: number) => Endpoint | null;
  /** null where the kernel says ENOTCONN. */
  readonly peer: (fd: number) => Endpoint | null;
  readonly close: (fd: number) => Status;
};

/** From asm-generic/socket.h and linux/socket.h of the kernel. */
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const SO_PEERCRED = 17;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const MSG_OOB = 0x1;
const MSG_PEEK = 0x2;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const datagramFlags = MSG_DONTWAIT | MSG_TRUNC;
const ownFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
const shutdownNumber: Readonly<Record<ShutdownHow, number>> = { SHUT_RD: 0, SHUT_WR: 1, SHUT_RDWR: 2 };
const typeNumber: Readonly<Record<SocketType, number>> = { SOCK_STREAM: 1, SOCK_DGRAM: 2 };

const otherFamily: Status = -constants.errno.EAFNOSUPPORT;

const asStatus = (library: NativeLibrary, result: number): Status => (result < 0 ? -library.errno() : result);

type Options = Pick<
  NativeSockets,
  'setsockopt' | 'getInt' | 'getLinger' | 'setLinger' | 'getTime' | 'setTime' | 'tcpInfo' | 'peerOwner'
>;

const optionCalls = (library: NativeLibrary): Options => {
  const filled = new Int32Array(1);
  const setsockopt: Options['setsockopt'] = (fd, level, option, value) => {
    const bytes = typeof value === 'number' ? new Int32Array([value]) : value;
    return asStatus(library, library.setsockopt(fd, level, option, bytes, bytes.byteLength));
  };
  const read = <T>(
    [fd, level, option]: readonly [number, number, number],
    size: number,
    value: (bytes: Uint8Array, ints: Int32Array) => T,
  ): Reading<T> => {
    const into = new Uint8Array(size);
    filled[0] = size;
    const status = asStatus(library, library.getsockopt(fd, level, option, into, filled));
    if (status < 0) return { status };
    return { value: value(into.subarray(0, filled[0]), new Int32Array(into.buffer)) };
  };
  return {
    setsockopt,
    getInt: (fd, level, option) =>
      // Some IP options answer with one byte where it suffices (ip(7)).
      read([fd, level, option], 4, (bytes, ints) => (bytes.length === 1 ? bytes[0]! : ints[0]!)),
    getLinger: fd => read([fd, SOL_SOCKET, SO_LINGER], 8, (_, ints) => (ints[0] === 0 ? null : ints[1]!)),
    setLinger: (fd, seconds) => {
      const linger = new Int32Array(seconds === null ? [0, 0] : [1, seconds]);
      return setsockopt(fd, SOL_SOCKET, SO_LINGER, new Uint8Array(linger.buffer));
    },
    getTime: (fd, option) => read([fd, SOL_SOCKET, option], timevalBytes, bytes => decodeTimeval(bytes)),
    setTime: (fd, option, ms) => setsockopt(fd, SOL_SOCKET, option, encodeTimeval(ms)),
    // struct ucred: pid, uid, gid.
    peerOwner: fd =>
      read([fd, SOL_SOCKET, SO_PEERCRED], 12, (_, ints) => ({ pid: ints[0]!, uid: ints[1]! >>> 0 })),
    tcpInfo: fd => read([fd, IPPROTO_TCP, TCP_INFO], tcpInfoBytes, bytes => decodeTcpInfo(bytes)),
  };
};

/** Buffers of so many bytes have memory of their own; smaller ones may lie within V8's heap, and be moved there. */
export const leastOutside = 4096;

/** Larger buffers are for one read, and would be kept for nothing. */
const largestSlab = 1 << 20;

/** Where in memory `length` bytes of a buffer are from `offset` on; 0 where it has not so many, or may be moved. */
type Landing = (into: Uint8Array, offset: number, length: number) => number;

/** A number says where to write, and nobody checks it but this: not outside of a buffer, nor into what has been given away since. */
const createLanding = (library: NativeLibrary): Landing => {
  /** Whose address is known: what is received lands in one after the other. */
  let slab: Uint8Array | null = null;
  let slabAt = 0;
  return (into, offset, length) => {
    const fits = offset >= 0 && length >= 0 && offset + length <= into.length;
    if (!fits || into.length < leastOutside) return 0;
    const at = into === slab ? slabAt : library.addressOf(into);
    if (into.length <= largestSlab) [slab, slabAt] = [into, at];
    return at + offset;
  };
};

const noLanding: Status = -constants.errno.EFAULT;

type Streams = Pick<NativeSockets, 'read' | 'write'>;

const streamCalls = (library: NativeLibrary, landing: Landing): Streams => ({
  read: (fd, into, offset, length) => {
    const at = landing(into, offset, length);
    return at === 0 ? noLanding : asStatus(library, library.read(fd, at, length));
  },
  write: (fd, data) => asStatus(library, library.write(fd, data, data.length)),
});

type Transfers = Pick<NativeSockets, 'peek' | 'receiveUrgent' | 'sendUrgent' | 'sendTo' | 'send' | 'receive'>;

const transferCalls = (library: NativeLibrary, landing: Landing): Transfers => {
  /** The sender's address, and its length behind it. */
  const memory = new Uint8Array(new ArrayBuffer(leastOutside));
  const address = memory.subarray(0, largestAddressBytes);
  const addressLength = new Int32Array(memory.buffer, leastOutside - Int32Array.BYTES_PER_ELEMENT, 1);
  const sender = createAddressReader(address);
  let addressAt = 0;
  const receiveWith = (fd: number, into: Uint8Array, flags: number): Status =>
    asStatus(library, library.recv(fd, into, into.length, flags | MSG_DONTWAIT));
  return {
    peek: (fd, into) => receiveWith(fd, into, MSG_PEEK),
    receiveUrgent: (fd, into) => receiveWith(fd, into, MSG_OOB),
    sendUrgent: (fd, data) =>
      asStatus(library, library.send(fd, data, data.length, MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL)),
    sendTo: (fd, family, data, to) => {
      const name = encodeAddress(family, to);
      if (!name) return otherFamily;
      const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      return asStatus(library, library.sendto(fd, data, data.length, flags, name, name.length));
    },
    send: (fd, data) => asStatus(library, library.send(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL)),
    receive: (fd, into, offset, length) => {
      const at = landing(into, offset, length);
      if (at === 0) return { status: noLanding };
      addressAt ||= library.addressOf(memory);
      const lengthAt = addressAt + addressLength.byteOffset;
      addressLength[0] = address.length;
      const result = library.recvfrom(fd, at, length, datagramFlags, addressAt, lengthAt);
      return result < 0
        ? { status: -library.errno() }
        : { value: { length: result, from: sender(addressLength[0]!) } };
    },
  };
};

type Opening = Pick<
  NativeSockets,
  'openSocket' | 'bind' | 'connect' | 'listen' | 'accept' | 'shutdown' | 'local' | 'peer' | 'close'
>;

const openCalls = (library: NativeLibrary): Opening => {
  const address = new Uint8Array(largestAddressBytes);
  const addressLength = new Int32Array(1);
  const addressed =
    (call: 'bind' | 'connect'): Opening['bind'] =>
    (fd, family, to) => {
      const name = encodeAddress(family, to);
      return name ? asStatus(library, library[call](fd, name, name.length)) : otherFamily;
    };
  const nameOf =
    (call: 'getsockname' | 'getpeername'): Opening['local'] =>
    fd => {
      addressLength[0] = address.length;
      return library[call](fd, address, addressLength) < 0 ? null : decodeAddress(address, addressLength[0]!);
    };
  return {
    openSocket: (family, type) =>
      asStatus(library, library.socket(familyNumber[family], typeNumber[type] | ownFlags, 0)),
    bind: addressed('bind'),
    connect: addressed('connect'),
    listen: (fd, backlog) => asStatus(library, library.listen(fd, backlog)),
    accept: fd => {
      addressLength[0] = address.length;
      const accepted = library.accept4(fd, address, addressLength, ownFlags);
      return accepted < 0
        ? { status: -library.errno() }
        : { value: { fd: accepted, from: decodeAddress(address, addressLength[0]!) } };
    },
    shutdown: (fd, how) => asStatus(library, library.shutdown(fd, shutdownNumber[how])),
    local: nameOf('getsockname'),
    peer: nameOf('getpeername'),
    close: fd => asStatus(library, library.close(fd)),
  };
};

let known: NativeSockets | string | undefined;

/** The native calls, or the reason why there are none here. Loads koffi the first time: see nativeLibrary. */
export const nativeSockets = (): NativeSockets | string => {
  if (known !== undefined) return known;
  const library = nativeLibrary();
  if (typeof library === 'string') {
    known = library;
    return known;
  }
  const landing = createLanding(library);
  known = {
    ...optionCalls(library),
    ...streamCalls(library, landing),
    ...transferCalls(library, landing),
    ...openCalls(library),
  };
  return known;
};

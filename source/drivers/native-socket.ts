import type { Endpoint, Family, SocketType } from '../core/names.ts';
import type { Status } from './ends.ts';
import { type NativeLibrary, nativeLibrary } from './native-library.ts';
import {
  decodeSocketAddress,
  encodeSocketAddress,
  familyNumber,
  socketAddressBytes,
} from './socket-address.ts';
import { decodeTcpInfo, type TcpInfo, tcpInfoBytes } from './tcp-info.ts';

/** What was read, or a negative errno where the kernel refused. */
export type Reading<T> = { readonly value: T } | { readonly status: Status };

/** A socket to be made and bound. `v6only` counts for AF_INET6. */
export type BoundSocket = {
  readonly family: Family;
  readonly type: SocketType;
  readonly reuseAddr: boolean;
  readonly v6only?: boolean;
  /** A literal address of the family and a port number; host '' is every interface. */
  readonly address: Endpoint;
};

/**
 * Socket calls that Node has not, on a descriptor. None of them waits: the calls that could are made with
 * MSG_DONTWAIT. A Status is 0 or a count, or a negative errno.
 */
export type NativeSocket = {
  readonly available: true;
  /** An option as the kernel has it, by number: fills `into`, and answers how many bytes it filled. */
  readonly getsockopt: (fd: number, level: number, option: number, into: Uint8Array) => Status;
  /** `value`: an int, or the bytes of a struct. */
  readonly setsockopt: (fd: number, level: number, option: number, value: number | Uint8Array) => Status;
  /** An option that is an int, by the numbers of the kernel's headers (option-numbers.ts). */
  readonly getInt: (fd: number, level: number, option: number) => Reading<number>;
  /** Seconds that close waits for what is unsent; 0: close resets; null: off, close does not wait. */
  readonly getLinger: (fd: number) => Reading<number | null>;
  readonly setLinger: (fd: number, seconds: number | null) => Status;
  readonly tcpInfo: (fd: number) => Reading<TcpInfo>;
  /** FIONREAD: bytes that recv would find (of a datagram socket: the size of the next datagram). */
  readonly readable: (fd: number) => Reading<number>;
  /** SIOCOUTQ: bytes sent and not acknowledged yet (of a datagram socket: memory of what has not left). */
  readonly unacknowledged: (fd: number) => Reading<number>;
  /** recv with MSG_DONTWAIT, with `peek` MSG_PEEK too; 0 is EOF or an empty datagram. */
  readonly recv: (fd: number, into: Uint8Array, peek?: boolean) => Status;
  /**
   * recvfrom of one datagram, with MSG_DONTWAIT. `size` is the datagram's own, which may be more than `into` takes
   * (MSG_TRUNC): the rest is lost, unless it was peeked at.
   */
  readonly recvFrom: (
    fd: number,
    into: Uint8Array,
    peek?: boolean,
  ) => Reading<{ readonly size: number; readonly from: Endpoint }>;
  /** send with MSG_DONTWAIT: what the kernel does not take now is not sent. */
  readonly send: (fd: number, data: Uint8Array) => Status;
  /** A socket with nothing set or bound yet: its descriptor, non-blocking, or a negative errno. */
  readonly openSocket: (family: Family, type: SocketType) => Status;
  /** bind(2); `address` as in BoundSocket. */
  readonly bind: (fd: number, family: Family, address: Endpoint) => Status;
  /**
   * A socket made, set and bound as one C program would: its descriptor, non-blocking and the caller's to close, or
   * a negative errno.
   */
  readonly openBoundSocket: (socket: BoundSocket) => Status;
  readonly close: (fd: number) => Status;
};

export type NoNativeSocket = { readonly available: false; readonly reason: string };

/** From asm-generic/socket.h, asm-generic/ioctls.h and linux/socket.h of the kernel. */
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_LINGER = 13;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const FIONREAD = 0x541b;
const SIOCOUTQ = 0x5411;
const MSG_PEEK = 0x2;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const typeNumber: Readonly<Record<SocketType, number>> = { SOCK_STREAM: 1, SOCK_DGRAM: 2 };

const asStatus = (library: NativeLibrary, result: number): Status => (result < 0 ? -library.errno() : result);

const receiveFlags = (peek: boolean): number => MSG_DONTWAIT | (peek ? MSG_PEEK : 0);

type Options = Pick<
  NativeSocket,
  'getsockopt' | 'setsockopt' | 'getInt' | 'getLinger' | 'setLinger' | 'tcpInfo'
>;

const optionCalls = (library: NativeLibrary): Options => {
  const filled = new Int32Array(1);
  const getsockopt: Options['getsockopt'] = (fd, level, option, into) => {
    filled[0] = into.byteLength;
    const status = asStatus(library, library.getsockopt(fd, level, option, into, filled));
    return status < 0 ? status : filled[0];
  };
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
    const status = getsockopt(fd, level, option, into);
    return status < 0 ? { status } : { value: value(into.subarray(0, status), new Int32Array(into.buffer)) };
  };
  return {
    getsockopt,
    setsockopt,
    getInt: (fd, level, option) =>
      // Some IP options answer with one byte where it suffices (ip(7)).
      read([fd, level, option], 4, (bytes, ints) => (bytes.length === 1 ? bytes[0]! : ints[0]!)),
    getLinger: fd => read([fd, SOL_SOCKET, SO_LINGER], 8, (_, ints) => (ints[0] === 0 ? null : ints[1]!)),
    setLinger: (fd, seconds) => {
      const linger = new Int32Array(seconds === null ? [0, 0] : [1, seconds]);
      return setsockopt(fd, SOL_SOCKET, SO_LINGER, new Uint8Array(linger.buffer));
    },
    tcpInfo: fd => read([fd, IPPROTO_TCP, TCP_INFO], tcpInfoBytes, bytes => decodeTcpInfo(bytes)),
  };
};

type Queues = Pick<NativeSocket, 'readable' | 'unacknowledged'>;

const queueCalls = (library: NativeLibrary): Queues => {
  const count = (fd: number, request: number): Reading<number> => {
    const into = new Int32Array(1);
    const status = asStatus(library, library.ioctl(fd, request, into));
    return status < 0 ? { status } : { value: into[0]! };
  };
  return { readable: fd => count(fd, FIONREAD), unacknowledged: fd => count(fd, SIOCOUTQ) };
};

type Transfers = Pick<NativeSocket, 'recv' | 'recvFrom' | 'send'>;

const transferCalls = (library: NativeLibrary): Transfers => {
  const address = new Uint8Array(socketAddressBytes);
  const addressLength = new Int32Array(1);
  const recvfrom = (fd: number, into: Uint8Array, flags: number): Status => {
    addressLength[0] = address.length;
    return asStatus(library, library.recvfrom(fd, into, into.length, flags, address, addressLength));
  };
  return {
    recv: (fd, into, peek = false) => recvfrom(fd, into, receiveFlags(peek)),
    recvFrom: (fd, into, peek = false) => {
      const size = recvfrom(fd, into, receiveFlags(peek) | MSG_TRUNC);
      return size < 0 ? { status: size } : { value: { size, from: decodeSocketAddress(address) } };
    },
    send: (fd, data) => asStatus(library, library.send(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL)),
  };
};

type Opening = Pick<NativeSocket, 'openSocket' | 'bind' | 'openBoundSocket' | 'close'>;

const openCalls = (library: NativeLibrary, { setsockopt }: Options): Opening => {
  const close = (fd: number): Status => asStatus(library, library.close(fd));
  const openSocket = (family: Family, type: SocketType): Status =>
    asStatus(
      library,
      library.socket(familyNumber[family], typeNumber[type] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    );
  const bind = (fd: number, family: Family, address: Endpoint): Status => {
    const name = encodeSocketAddress(family, address);
    return asStatus(library, library.bind(fd, name, name.length));
  };
  const setAndBind = (fd: number, { family, reuseAddr, v6only = false, address }: BoundSocket): Status => {
    const reused = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, reuseAddr ? 1 : 0);
    if (reused < 0) return reused;
    const split = family === 'AF_INET6' ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only ? 1 : 0) : 0;
    return split < 0 ? split : bind(fd, family, address);
  };
  return {
    close,
    openSocket,
    bind,
    openBoundSocket: socket => {
      const fd = openSocket(socket.family, socket.type);
      if (fd < 0) return fd;
      const bound = setAndBind(fd, socket);
      if (bound < 0) close(fd);
      return bound < 0 ? bound : fd;
    },
  };
};

/** The calls on this C library. */
const createNativeSocket = (library: NativeLibrary): NativeSocket => {
  const options = optionCalls(library);
  return {
    available: true,
    ...options,
    ...queueCalls(library),
    ...transferCalls(library),
    ...openCalls(library, options),
  };
};

let known: NativeSocket | NoNativeSocket | undefined;

/** The native calls, or why there are none here. Loads koffi the first time: see nativeLibrary. */
export const nativeSocket = (): NativeSocket | NoNativeSocket => {
  if (known) return known;
  const library = nativeLibrary();
  known = typeof library === 'string' ? { available: false, reason: library } : createNativeSocket(library);
  return known;
};

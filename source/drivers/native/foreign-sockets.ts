import { endianness } from 'node:os';
import type { SocketFacts, SocketTimes } from '../../core/model/socket-facts.ts';
import type { DumpPart } from '../kernel/dump.ts';
import { tcpDecoder, tcpQuery } from '../kernel/tcp-diag.ts';
import { decodeUnixAnswers, unixQuery } from '../kernel/unix-diag.ts';
import { type NativeLibrary, nativeLibrary } from './native-library.ts';
import { type NativeSockets, nativeSockets, type Reading } from './native-socket.ts';

/** Numbers that are the same on every processor (Linux 5.3 and 5.6, asm-generic/unistd.h). */
const pidfd_open = 434;
const pidfd_getfd = 438;
/** The number is a thread's (linux/pidfd.h, since 6.9): that of a process whose first one has ended has no descriptors. */
const PIDFD_THREAD = 0o200;

const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const MSG_DONTWAIT = 0x40;
/** From asm-generic/socket.h and linux/tcp.h. */
const SOL_SOCKET = 1;
const SO_RCVLOWAT = 18;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const TCP_USER_TIMEOUT = 18;

const littleEndian = endianness() === 'LE';

const valueOr = <T>(reading: Reading<T>, other: T): T => ('value' in reading ? reading.value : other);

/** Offsets of tcpi_last_data_sent and tcpi_last_data_recv in struct tcp_info, in ms, and of tcpi_bytes_received (linux/tcp.h). */
const lastSent = 44;
const lastReceived = 52;
const bytesReceived = 128;

/** Not in core's TcpInfo: they run with the clock, so that no two readings of one connection would be alike. */
const readQuiet = (library: NativeLibrary, fd: number) => {
  const info = new DataView(new ArrayBuffer(bytesReceived + 8));
  const length = new Int32Array([info.byteLength]);
  const isTcp = library.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, length) === 0;
  const ms = (at: number) => (isTcp ? info.getUint32(at, littleEndian) : null);
  const isWhole = isTcp && length[0] === info.byteLength;
  return {
    receivedAgoMs: ms(lastReceived),
    sentAgoMs: ms(lastSent),
    receivedBytes: isWhole ? Number(info.getBigUint64(bytesReceived, littleEndian)) : null,
  };
};

const readTimes = (library: NativeLibrary, native: NativeSockets, fd: number): SocketTimes | null => {
  const receive = native.getTime(fd, SO_RCVTIMEO);
  const send = native.getTime(fd, SO_SNDTIMEO);
  if (!('value' in receive) || !('value' in send)) return null;
  return {
    receiveMs: receive.value,
    sendMs: send.value,
    userMs: valueOr(native.getInt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 0),
    lowWater: valueOr(native.getInt(fd, SOL_SOCKET, SO_RCVLOWAT), 1),
    ...readQuiet(library, fd),
  };
};

/** Through a second descriptor of the same socket, which is closed at once: the process itself is not touched. */
const timesBy = (library: NativeLibrary, native: NativeSockets): SocketFacts['timesOf'] => {
  return (pid, fd) => {
    const leader = library.syscall(pidfd_open, pid, 0, 0);
    const handle = leader < 0 ? library.syscall(pidfd_open, pid, PIDFD_THREAD, 0) : leader;
    if (handle < 0) return null;
    const own = library.syscall(pidfd_getfd, handle, fd, 0);
    library.close(handle);
    if (own < 0) return null;
    const times = readTimes(library, native, own);
    library.close(own);
    return times;
  };
};

/** The kernel makes the next part of a dump when the one before is read: nothing has to be waited for. */
const dump = <T>(
  library: NativeLibrary,
  query: Uint8Array,
  decode: (bytes: Uint8Array<ArrayBuffer>) => DumpPart<T>,
): T[] | null => {
  const fd = library.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return null;
  const answer = new Uint8Array(65_536);
  const found: T[] = [];
  try {
    if (library.send(fd, query, query.length, MSG_DONTWAIT) !== query.length) return null;
    for (;;) {
      const count = library.recv(fd, answer, answer.length, MSG_DONTWAIT);
      if (count <= 0) return null;
      const part = decode(answer.slice(0, count));
      found.push(...part.sockets);
      if (part.next !== 'more') return part.next === 'end' ? found : null;
    }
  } finally {
    library.close(fd);
  }
};

/** The kernel asked about the sockets of other processes. Loads koffi with the first question; without it null is the answer. */
export const foreignSocketFacts = (): SocketFacts => ({
  timesOf: (pid, fd) => {
    const library = nativeLibrary();
    const native = nativeSockets();
    if (typeof library === 'string' || typeof native === 'string') return null;
    return timesBy(library, native)(pid, fd);
  },
  unixSockets: () => {
    const library = nativeLibrary();
    return typeof library === 'string' ? null : dump(library, unixQuery(), decodeUnixAnswers);
  },
  tcpLines: table => {
    const library = nativeLibrary();
    return typeof library === 'string' ? null : dump(library, tcpQuery(table), tcpDecoder(table));
  },
});

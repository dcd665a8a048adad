import { endianness } from 'node:os';

/**
 * What the kernel knows of one TCP connection: struct tcp_info of linux/tcp.h. Times in ms, sizes in bytes,
 * windows in segments (`cwnd`) or bytes, rates in bytes/s. A field that this kernel does not have yet is null.
 */
export type TcpInfo = {
  /** 1 ESTAB ... 10 LISTEN, as in /proc/net/tcp. */
  readonly state: number;
  /** Of the segment now waiting, in a row; `totalRetransmits` counts all of the connection's life. */
  readonly retransmits: number;
  /** Zero-window probes sent without an answer that opened the window. */
  readonly probes: number;
  readonly backoff: number;
  readonly rtoMs: number;
  readonly mss: number;
  /** Segments not acknowledged yet; for a listener: connections waiting to be accepted. */
  readonly unacked: number;
  /** For a listener: the backlog, as listen set it. */
  readonly sacked: number;
  readonly lost: number;
  readonly rttMs: number;
  readonly rttvarMs: number;
  readonly ssthresh: number;
  readonly cwnd: number;
  readonly totalRetransmits: number;
  readonly bytesAcked: number | null;
  readonly bytesReceived: number | null;
  /** Bytes in the send queue that have not left even once. */
  readonly notSent: number | null;
  readonly minRttMs: number | null;
  readonly deliveryRate: number | null;
  /** Time with data to send; of it, held back by the peer's window, and by the size of our own send buffer. */
  readonly busyMs: number | null;
  readonly rwndLimitedMs: number | null;
  readonly sndbufLimitedMs: number | null;
  readonly bytesRetransmitted: number | null;
  /** The window the peer has opened. */
  readonly sndWindow: number | null;
};

/** Longer than any kernel's struct so far. */
export const tcpInfoBytes = 512;

const littleEndian = endianness() === 'LE';

const usPerMs = 1_000;

/**
 * Offsets are those of struct tcp_info, which only ever grows at its end: `bytes` is as long as the kernel filled
 * it. Sources: linux/tcp.h, tcp_get_info in net/ipv4/tcp.c (units).
 */
export const decodeTcpInfo = (bytes: Uint8Array): TcpInfo => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, littleEndian) : 0);
  const late32 = (at: number): number | null => (at + 4 <= bytes.length ? u32(at) : null);
  const late64 = (at: number): number | null =>
    at + 8 <= bytes.length ? Number(view.getBigUint64(at, littleEndian)) : null;
  const ms = (us: number | null): number | null => (us === null ? null : us / usPerMs);
  return {
    state: bytes[0] ?? 0,
    retransmits: bytes[2] ?? 0,
    probes: bytes[3] ?? 0,
    backoff: bytes[4] ?? 0,
    rtoMs: u32(8) / usPerMs,
    mss: u32(16),
    unacked: u32(24),
    sacked: u32(28),
    lost: u32(32),
    rttMs: u32(68) / usPerMs,
    rttvarMs: u32(72) / usPerMs,
    ssthresh: u32(76),
    cwnd: u32(80),
    totalRetransmits: u32(100),
    bytesAcked: late64(120),
    bytesReceived: late64(128),
    notSent: late32(144),
    minRttMs: ms(late32(148)),
    deliveryRate: late64(160),
    busyMs: ms(late64(168)),
    rwndLimitedMs: ms(late64(176)),
    sndbufLimitedMs: ms(late64(184)),
    bytesRetransmitted: late64(208),
    sndWindow: late32(228),
  };
};

const time = (ms: number): string => `${Math.round(ms * 1_000) / 1_000} ms`;

/** One line for people, in the order of `ss -ti`; what is null or says nothing is left out. */
export const tcpInfoText = (info: TcpInfo): string => {
  const { rwndLimitedMs, sndbufLimitedMs, busyMs, notSent } = info;
  return [
    `rtt ${time(info.rttMs)} +- ${time(info.rttvarMs)}`,
    `rto ${time(info.rtoMs)}`,
    `cwnd ${info.cwnd} of ${info.mss} bytes`,
    `unacked ${info.unacked}`,
    `retransmits ${info.retransmits} now, ${info.totalRetransmits} in all`,
    notSent ? `not sent ${notSent} bytes` : '',
    busyMs ? `busy ${time(busyMs)}` : '',
    rwndLimitedMs ? `rwnd-limited ${time(rwndLimitedMs)}` : '',
    sndbufLimitedMs ? `sndbuf-limited ${time(sndbufLimitedMs)}` : '',
  ]
    .filter(part => part !== '')
    .join(', ');
};

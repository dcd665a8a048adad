import { type InetEndpoint, inet } from '../addresses/endpoint.ts';
import { groupsText } from '../addresses/ip.ts';
import type { Sample } from './observer.ts';

/** The states of a row, as ss words them. */
export type RowState =
  | 'ESTAB'
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'TIME-WAIT'
  | 'CLOSED'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'UNCONN';

/**
 * One socket in /proc/net. Queues in bytes, but for a LISTEN row's `rcvQ`: connections waiting to be accepted. A
 * SYN or FIN counts as a byte, as it does in TCP's sequence numbers: SYN-SENT has `sndQ` 1, CLOSE-WAIT `rcvQ` one
 * above what can be read. A UDP row's `rcvQ` is the memory its datagrams take, headers included (832 for 100
 * bytes), not their payload.
 * `inode` is 0 where no file is open on it: TIME-WAIT, or a connection that nobody has accepted yet.
 * `drops` is UDP's own; 0 for TCP.
 */
export type NetRow = {
  readonly local: InetEndpoint;
  readonly remote: InetEndpoint;
  readonly state: RowState;
  readonly rcvQ: number;
  readonly sndQ: number;
  readonly timer: Sample['timer'];
  readonly timerMs: number;
  readonly retransmits: number;
  readonly inode: number;
  readonly drops: number;
};

export type NetTable = 'tcp' | 'tcp6' | 'udp' | 'udp6';

/** Numbers from the kernel's include/net/tcp_states.h; 12 is a SYN-RECV that has no full socket yet. */
const tcpStates: Readonly<Record<number, RowState>> = {
  1: 'ESTAB',
  2: 'SYN-SENT',
  3: 'SYN-RECV',
  4: 'FIN-WAIT-1',
  5: 'FIN-WAIT-2',
  6: 'TIME-WAIT',
  7: 'CLOSED',
  8: 'CLOSE-WAIT',
  9: 'LAST-ACK',
  10: 'LISTEN',
  11: 'CLOSING',
  12: 'SYN-RECV',
};

/** proc_net_tcp.rst: 1 covers retransmission, loss probe and reordering; 2 keepalive. */
const timers: readonly Sample['timer'][] = ['none', 'retransmit', 'keepalive', 'time-wait', 'zero-window'];

/**
 * proc(5) calls `tm->when` jiffies; it is printed in units of USER_HZ, which is 100 a second to user space
 * whatever the kernel's own HZ (Alpha and Itanium excepted).
 */
const msPerTick = 10;

/** sl: local rem st tx:rx tr:when retrnsmt uid timeout inode, then columns that differ by protocol. */
const rowPattern =
  /^ *\d+: ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{8,32}):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]+):([0-9A-F]+) ([0-9A-F]{2}):([0-9A-F]+) ([0-9A-F]+) +\d+ +-?\d+ (\d+)(.*)$/gm;

const hex = (text: string): number => Number.parseInt(text, 16);

/** A 32-bit word of an address is printed as the machine's own number: its bytes stand backwards on little endian. */
const wordBytes = (word: number, littleEndian: boolean): readonly [number, number, number, number] => {
  const [a, b, c, d] = [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
  return littleEndian ? [d, c, b, a] : [a, b, c, d];
};

/** The address that 8 (IPv4) or 32 (IPv6) hexadecimal digits of /proc/net stand for; a v4-mapped one as IPv4. */
export const hexHost = (digits: string, littleEndian = true): string => {
  if (digits.length === 8) return wordBytes(hex(digits), littleEndian).join('.');
  const groups: number[] = [];
  for (let i = 0; i < 32; i += 8) {
    const [a, b, c, d] = wordBytes(hex(digits.slice(i, i + 8)), littleEndian);
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groupsText(groups);
};

/** The state of the kernel's number. */
export const rowState = (code: number, udp: boolean): RowState => {
  const state = tcpStates[code] ?? 'CLOSED';
  return state === 'CLOSED' && udp ? 'UNCONN' : state;
};

/** The timer of the kernel's number. */
export const rowTimer = (code: number): Sample['timer'] => timers[code] ?? 'none';

const lastNumber = (columns: string): number => Number(/(\d+)\s*$/.exec(columns)?.[1] ?? 0);

/**
 * The rows of /proc/net/tcp, tcp6, udp or udp6, in the file's order. Lines that are no row (the header, one cut
 * short) are left out, and a socket that comes twice: the kernel goes on where a read has stopped by counting, so that who came
 * meanwhile makes it list one again, and who went makes it leave one out (tcp_seek_last_pos in its net/ipv4/tcp_ipv4.c, udp_get_idx in
 * net/ipv4/udp.c). `hosts` may be kept between calls to spare decoding the same addresses again.
 * Source: proc(5), Documentation/networking/proc_net_tcp.rst of the kernel.
 */
export const parseNetTable = (
  text: string,
  table: NetTable,
  littleEndian = true,
  hosts: Map<string, string> = new Map(),
): NetRow[] => {
  const host = (digits: string): string => {
    const known = hosts.get(digits);
    if (known !== undefined) return known;
    const decoded = hexHost(digits, littleEndian);
    hosts.set(digits, decoded);
    return decoded;
  };
  const udp = table.startsWith('udp');
  const rows: NetRow[] = [];
  const listed = new Set<string>();
  for (const row of text.matchAll(rowPattern)) {
    const key = row[11] === '0' ? row.slice(1, 5).join(' ') : row[11]!;
    if (listed.has(key)) continue;
    listed.add(key);
    rows.push({
      local: inet(host(row[1]!), hex(row[2]!)),
      remote: inet(host(row[3]!), hex(row[4]!)),
      state: rowState(hex(row[5]!), udp),
      sndQ: hex(row[6]!),
      rcvQ: hex(row[7]!),
      timer: rowTimer(hex(row[8]!)),
      timerMs: hex(row[9]!) * msPerTick,
      retransmits: hex(row[10]!),
      inode: Number(row[11]),
      drops: udp ? lastNumber(row[12]!) : 0,
    });
  }
  return rows;
};

import {
  type NetRow,
  type NetTable,
  parseNetTable,
  type RowState,
  rowState,
} from '../../core/model/proc-net.ts';

/**
 * A row of a table of /proc/net by what tells it from the others; the rest is read when it is asked for: of a thousand rows a
 * few are told. `pair`: both addresses as the kernel prints them, the own one first. What is in TIME-WAIT, often most of a
 * table, is no process's any more and left out. `text`: the row from its addresses on.
 */
export type NetLine = {
  readonly pair: string;
  readonly inode: number;
  readonly table: NetTable;
  readonly text: string;
};

/** Digits of an address with its port: `0100007F:1F40`, and of IPv6 four words. */
const widths: Readonly<Record<NetTable, number>> = { tcp: 13, udp: 13, tcp6: 37, udp6: 37 };

/** ` 01 00000000:00000000 00:00000000 00000000`: state, queues, timer and repeats, each as wide in every row. */
const betweenWidth = 42;

/** User, timeout and inode are as wide as they are. */
const tailPattern = / +\d+ +-?\d+ \d+/y;

/** TCP_TIME_WAIT of the kernel's include/net/tcp_states.h. */
const timeWait = '06';

/** IPv4's addresses in IPv6's tables: the other end may stand in IPv4's. */
const mapped = '0000000000000000FFFF0000';

export const netLines = (text: string, table: NetTable): NetLine[] => {
  const width = widths[table];
  const lines: NetLine[] = [];
  let next = text.indexOf('\n') + 1;
  for (let end = text.indexOf('\n', next); end >= next; end = text.indexOf('\n', next)) {
    const start = next;
    next = end + 1;
    const local = text.indexOf(':', start) + 2;
    const behind = local + width + 1 + width;
    if (text.startsWith(timeWait, behind + 1)) continue;
    tailPattern.lastIndex = behind + betweenWidth;
    if (!tailPattern.test(text) || tailPattern.lastIndex > end) continue;
    const inode = text.slice(text.lastIndexOf(' ', tailPattern.lastIndex - 1) + 1, tailPattern.lastIndex);
    const pair = text.slice(local, behind);
    lines.push({
      pair: width === widths.tcp ? pair : pair.replaceAll(mapped, ''),
      inode: Number(inode),
      table,
      text: text.slice(local, end),
    });
  }
  return lines;
};

/** Where the addresses of a row have ended. */
const behindPair = ({ table }: NetLine): number => 2 * widths[table] + 1;

export const stateOf = (line: NetLine): RowState => {
  const at = behindPair(line) + 1;
  return rowState(Number.parseInt(line.text.slice(at, at + 2), 16), line.table.startsWith('udp'));
};

/** Who made it. */
export const userOf = (line: NetLine): number =>
  Number.parseInt(line.text.slice(behindPair(line) + betweenWidth), 10);

/** Undefined where only what stands before its inode, as wide as that of a row, is none. */
export const rowOf = ({ text, table }: NetLine): NetRow | undefined => parseNetTable(`0: ${text}`, table)[0];

/** The pair as the other end of the connection has it. */
export const swapped = (pair: string): string => {
  const space = pair.indexOf(' ');
  return `${pair.slice(space + 1)} ${pair.slice(0, space)}`;
};

/** A port of 0 stands where there is no other end. */
export const hasPeer = (pair: string): boolean => !pair.endsWith(':0000');

export const localPort = ({ pair }: NetLine): number => {
  const space = pair.indexOf(' ');
  return Number.parseInt(pair.slice(space - 4, space), 16);
};

import type { LineTeller, NetLine } from '../../core/model/net-line.ts';
import {
  type NetRow,
  type NetTable,
  parseNetTable,
  type RowState,
  rowState,
} from '../../core/model/proc-net.ts';

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

/** Rows of a table's text; a row's place is where its addresses begin. */
const textTeller = (text: string, table: NetTable): LineTeller => {
  const pairWidth = 2 * widths[table] + 1;
  return {
    state: at => {
      const from = at + pairWidth + 1;
      return rowState(Number.parseInt(text.slice(from, from + 2), 16), table.startsWith('udp'));
    },
    user: at => Number.parseInt(text.slice(at + pairWidth + betweenWidth, text.indexOf('\n', at)), 10),
    row: at => parseNetTable(`0: ${text.slice(at, text.indexOf('\n', at))}`, table)[0],
  };
};

export const netLines = (text: string, table: NetTable): NetLine[] => {
  const width = widths[table];
  const teller = textTeller(text, table);
  const lines: NetLine[] = [];
  let next = text.indexOf('\n') + 1;
  for (let end = text.indexOf('\n', next); end >= next; end = text.indexOf('\n', next)) {
    const start = next;
    next = end + 1;
    const at = text.indexOf(':', start) + 2;
    const behind = at + width + 1 + width;
    if (text.startsWith(timeWait, behind + 1)) continue;
    tailPattern.lastIndex = behind + betweenWidth;
    if (!tailPattern.test(text) || tailPattern.lastIndex > end) continue;
    const inode = text.slice(text.lastIndexOf(' ', tailPattern.lastIndex - 1) + 1, tailPattern.lastIndex);
    const pair = text.slice(at, behind);
    lines.push({
      pair: width === widths.tcp ? pair : pair.replaceAll(mapped, ''),
      inode: Number(inode),
      table,
      teller,
      at,
    });
  }
  return lines;
};

export const stateOf = ({ teller, at }: NetLine): RowState => teller.state(at);

export const userOf = ({ teller, at }: NetLine): number => teller.user(at);

export const rowOf = ({ teller, at }: NetLine): NetRow | undefined => teller.row(at);

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

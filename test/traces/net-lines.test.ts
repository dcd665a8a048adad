import { expect, test } from 'vitest';
import { parseNetTable } from '../../source/core/model/proc-net.ts';
import {
  hasPeer,
  localPort,
  netLines,
  rowOf,
  stateOf,
  swapped,
  userOf,
} from '../../source/traces/proc/net-lines.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 100 1 00000000e9be0db7 100 0 0 10 0                      
   1: 0100007F:1F40 0100007F:1388 01 00000010:00000020 04:00000030 00000005 1000123   -1 4294967297 2 0000 20 4 30 10 -1
   2: 0100007F:1F40 0100007F:1389 06 00000000:00000000 03:00000ED3 00000000     0        0 0 3 0000000067fb1dd0
12345: 0100007F:1388 0100007F:1F40 01 00000000:00000000 02:000A7214 00000000     0        0 201 2 0000 20 4 30 10 -1
  16: 0100007F:1388 0100007F:1F4`;

const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:1388 0000000000000000FFFF00000100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 300 2 0000 20 4 30 10 -1
   1: 00000000000000000000000001000000:0016 00000000000000000000000001000000:9C40 01 00000000:00000000 00:00000000 00000000     0        0 301 2 0000 20 4 30 10 -1
`;

test('rows are told apart by their addresses; TIME-WAIT and what was cut short are left out', () => {
  expect(netLines(tcp, 'tcp').map(line => [line.pair, line.inode, stateOf(line), userOf(line)])).toEqual([
    ['0100007F:1F40 00000000:0000', 100, 'LISTEN', 0],
    ['0100007F:1F40 0100007F:1388', 4294967297, 'ESTAB', 1000123],
    ['0100007F:1388 0100007F:1F40', 201, 'ESTAB', 0],
  ]);
});

test('the rest of a row is that of the whole table', () => {
  const open = parseNetTable(tcp, 'tcp').filter(({ state }) => state !== 'TIME-WAIT');
  expect(netLines(tcp, 'tcp').map(rowOf)).toEqual(open);
  expect(netLines(tcp6, 'tcp6').map(rowOf)).toEqual(parseNetTable(tcp6, 'tcp6'));
});

test("an IPv4 address in IPv6's table is the one of IPv4's", () => {
  const [six, own] = netLines(tcp6, 'tcp6');
  const [listener, accepted] = netLines(tcp, 'tcp');
  expect(swapped(six!.pair)).toBe(accepted!.pair);
  expect([hasPeer(six!.pair), hasPeer(listener!.pair)]).toEqual([true, false]);
  expect([localPort(six!), localPort(own!), localPort(listener!)]).toEqual([5000, 22, 8000]);
});

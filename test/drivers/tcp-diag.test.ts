import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { NetLine } from '../../source/core/model/net-line.ts';
import type { TcpTable } from '../../source/core/model/socket-facts.ts';
import { tcpDecoder, tcpQuery } from '../../source/drivers/kernel/tcp-diag.ts';
import { foreignSocketFacts } from '../../source/drivers/native/foreign-sockets.ts';
import { nativeLibrary } from '../../source/drivers/native/native-library.ts';
import { localPort, netLines, rowOf, stateOf, userOf } from '../../source/traces/proc/net-lines.ts';
import { realProc } from '../../source/traces/proc/real-proc.ts';

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** A listener with a connection of two ends, one of them with bytes that nobody has read. */
const open = async (listens: string, connects: string) => {
  const server = createServer({ pauseOnConnect: true }).listen(0, listens);
  await once(server, 'listening');
  const client: Socket = connect(portOf(server), connects);
  const [accepted] = (await once(server, 'connection')) as [Socket];
  await new Promise(resolve => client.write('unread', resolve));
  return { server, client, accepted, port: portOf(server) };
};

/** All that a row tells, but for its timer, which runs. */
const told = (line: NetLine) => {
  const { timer, timerMs, retransmits, ...row } = rowOf(line)!;
  return { pair: line.pair, inode: line.inode, state: stateOf(line), user: userOf(line), row };
};

const ofPorts = (lines: readonly NetLine[], ports: readonly number[]) =>
  lines
    .filter(line =>
      ports.some(port => line.pair.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')}`)),
    )
    .map(told)
    .sort((a, b) => a.inode - b.inode);

test.skipIf(typeof nativeLibrary() === 'string')(
  'the kernel tells the same of TCP as in its tables, those of IPv4 in IPv6 among them',
  async () => {
    const opened = [
      await open('127.0.0.1', '127.0.0.1'),
      await open('::', '127.0.0.1'),
      await open('::1', '::1'),
    ];
    try {
      const ports = opened.map(({ port }) => port);
      const { tcpLines } = foreignSocketFacts();
      const both = (table: TcpTable) => {
        const read = realProc.read(`self/net/${table}`);
        return {
          asked: ofPorts(tcpLines(table)!, ports),
          read: ofPorts(netLines(read.ok ? read.value : '', table), ports),
        };
      };
      // Bytes may be on their way still.
      const isThere = ({ read }: ReturnType<typeof both>) =>
        read.filter(({ row }) => row.rcvQ === 6).length > 0 && read.every(({ row }) => row.sndQ === 0);
      for (const table of ['tcp', 'tcp6'] as const) {
        let seen = both(table);
        while (!isThere(seen)) seen = both(table);
        expect(seen.asked).toEqual(seen.read);
      }
      expect(both('tcp').read).toHaveLength(4);
      expect(both('tcp6').read).toHaveLength(5);
      expect(tcpLines('tcp')!.map(localPort)).toContain(ports[0]);
    } finally {
      for (const { server, client, accepted } of opened) {
        client.destroy();
        accepted.destroy();
        server.close();
      }
    }
  },
);

/** A message of the kernel's (netlink(7)), with an int behind its header. */
const message = (kind: number, value = 0): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 20, true);
  view.setUint16(4, kind, true);
  view.setInt32(16, value, true);
  return bytes;
};

test('a dump that has ended, one that is refused and one that was cut short are told apart', () => {
  const decode = tcpDecoder('tcp');
  const ENOENT = 2;
  const [failed, ended, one] = [2, 3, 20];
  expect(decode(message(ended))).toEqual({ sockets: [], next: 'end' });
  expect(decode(message(ended, -ENOENT))).toEqual({ sockets: [], next: 'refused' });
  expect(decode(message(failed, -ENOENT))).toEqual({ sockets: [], next: 'refused' });
  expect(decode(message(one))).toEqual({ sockets: [], next: 'more' });
  expect(decode(new Uint8Array(tcpQuery('tcp')).slice(0, 40))).toEqual({ sockets: [], next: 'more' });
});

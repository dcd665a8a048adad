import { describe, expect, it } from 'vitest';
import { formatEndpoint } from '../../source/core/addresses/address.ts';
import { type InetEndpoint, inet, inetOrNull } from '../../source/core/addresses/endpoint.ts';
import { canonicalHost } from '../../source/core/addresses/ip.ts';
import { exportPcapng } from '../../source/formats/pcapng/export-pcapng.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import type { Session } from '../../source/formats/session/read-session.ts';
import { labSession } from '../support/lab-session.ts';
import { type JournalBytes, journalBytes } from './journal-bytes.ts';
import { hasTshark, withTshark } from './tshark.ts';

const labs = [
  'broken-pipe',
  'connect',
  'error-refused',
  'file-object',
  'half-close',
  'ipv6-dual-stack',
  'multicast',
  'nonblocking',
  'remedy-less',
  'reset',
  'server',
  'stream-boundaries',
  'udp-server',
  'zero-length',
];

/** As tshark writes an end: the IPv4 peer of a dual-stack socket by its IPv4 address. */
const endOf = ({ host, port }: InetEndpoint): string =>
  formatEndpoint(inet(host.startsWith('::ffff:') ? canonicalHost(host) : host, port));

const connections = (session: Session): [string, JournalBytes][] => {
  const types = new Map(
    session.entries.flatMap(entry =>
      entry.kind === 'ended' && entry.call.name === 'socket' && entry.outcome.kind === 'made'
        ? [[entry.outcome.name, entry.call.type] as const]
        : [],
    ),
  );
  return [...journalBytes(session.entries)].filter(
    ([name, { local, peer }]) => local && peer && types.get(name) !== 'SOCK_DGRAM',
  );
};

/** No capture has more streams: each began with one of these calls. */
const mostStreams = (session: Session): number =>
  session.entries.filter(
    entry => entry.kind === 'ended' && (entry.call.name === 'connect' || entry.call.name === 'accept'),
  ).length;

describe.skipIf(!hasTshark)('pcapng of a lab, read by tshark', () => {
  it.concurrent.for(labs)('%s', async (name, { skip }) => {
    const session = await labSession(name);
    if (!session) return skip('this machine lacks what the lab needs');
    await withTshark(exportPcapng(projectionOf(session)), async ({ examine }) => {
      const bad =
        '_ws.malformed || tcp.analysis.flags || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0';
      const { rows, warnings, streams } = await examine(
        mostStreams(session),
        bad,
        'frame.number',
        '_ws.col.Info',
      );
      expect(rows).toEqual([]);
      expect(warnings.filter(warning => !warning.includes('Connection reset (RST)'))).toEqual([]);
      for (const [socket, { local, peer, sent }] of connections(session)) {
        const [own, other] = [endOf(inetOrNull(local)!), endOf(inetOrNull(peer)!)];
        const stream = streams.find(({ ends }) => ends.includes(own) && ends.includes(other));
        expect(stream, `${socket} ${formatEndpoint(local!)}`).toBeDefined();
        const bytes = stream!.bytes[stream!.ends.indexOf(own)]!;
        expect(bytes.length, socket).toBe(sent.length);
        expect(bytes.equals(sent), socket).toBe(true);
      }
    });
  });
});

import { formatEndpoint } from '../../core/addresses/address.ts';
import { type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import { PieceWriter } from '../piece-writer.ts';
import { asOne } from '../pieces.ts';
import type { StreamedTraffic } from '../projection/projection.ts';
import type { Connection, Datagram, Side, TrafficEvents } from '../projection/traffic-events.ts';
import { type Path, pathOf, putTcp, putUdp, tcpSize, udpSize } from './ip-packets.ts';
import { interfaceBlock, putPacketBlock, secretsBlock, sectionBlock } from './pcapng-blocks.ts';
import { createTcpStream, type Segment, type TcpStream } from './tcp-segments.ts';

const sectionComment = (session: StreamedTraffic): string =>
  [
    `Written by sockbench from a session of its own${session.header.lab ? `, lab ${session.header.lab}` : ''}, from the application's view: bytes and calls as the bench saw them, not captured from a wire.`,
    'From the session: addresses, ports, bytes, their order, times of calls.',
    'Modelled: sequence numbers, acknowledgements, windows, how bytes are cut into segments, headers.',
    'A stream between two sockets of the bench is written as it was sent; a foreign peer is seen by what was received from it.',
    ...(session.told().hasUntraced
      ? ['Calls of processes that were not traced are left out: looks at them see no bytes.']
      : []),
    ...(session.begun
      ? ['The session begins in the midst of another: connections that stood then have no handshake here.']
      : []),
  ].join('\n');

/** Ports for sockets whose own the session does not tell: none that anything else in it uses. Most sessions need none. */
const standIns = ({ ends }: TrafficEvents): (() => number) => {
  let used: ReadonlySet<number | string | undefined> | undefined;
  let next = 65_536;
  return () => {
    used ??= new Set(Array.from(ends(), end => end?.port));
    do next--;
    while (used.has(next));
    return next;
  };
};

type Live = {
  readonly stream: TcpStream;
  /** Of what each side sends. */
  readonly paths: Readonly<Record<Side, Path>>;
  /** Comment for its first packet. */
  note: string;
};

const noteOf = ({ names, midway, client, server }: Connection, port: number): string =>
  [
    `${names.client || 'a foreign peer'} to ${names.server || formatEndpoint(server)}`,
    ...(midway ? ['connected before the session begins'] : []),
    ...(client ? [] : [`the session does not tell the client's port: ${port} stands for it`]),
  ].join('; ');

/** The client's own address, as far as one can say: loopback talks to loopback. */
const unknownClient = ({ server }: Connection, port: number): InetEndpoint => inet(server.host, port);

const missing = (length: number): string => `${length} bytes that the journal no longer holds`;

/** Live connections by their identity in the traffic. */
const createLives = (nextPort: () => number) => {
  const lives = new Map<Connection, Live>();
  return (connection: Connection): Live => {
    const known = lives.get(connection);
    if (known) return known;
    const port = connection.client ? Number(connection.client.port) : nextPort();
    const [client, server] = [connection.client ?? unknownClient(connection, port), connection.server];
    const live: Live = {
      stream: createTcpStream(connection, lives.size),
      paths: { client: pathOf(client, server), server: pathOf(server, client) },
      note: noteOf(connection, port),
    };
    lives.set(connection, live);
    return live;
  };
};

const noData = new Uint8Array(0);

const putSegment = (out: PieceWriter, time: number, live: Live, { from, header, chunk }: Segment): void => {
  const path = live.paths[from];
  const payload = { data: chunk.data ?? noData, length: chunk.length };
  const size = tcpSize(path, header, payload);
  const gap = chunk.data ? '' : missing(chunk.length);
  const note = live.note === '' ? gap : gap === '' ? live.note : `${live.note}; ${gap}`;
  live.note = '';
  const length = size - payload.data.length + payload.length;
  const at = putPacketBlock(out, time, size, length, note);
  putTcp(out, at, path, header, payload);
};

const unknownAddress = ({ from, to }: Datagram): boolean =>
  isWildcard(from.host) || isWildcard(to.host) || from.port === 0 || to.port === 0;

const datagramNote = (datagram: Datagram, unknown: number): string =>
  [
    ...(unknownAddress(datagram) ? ['zeros stand for an address that the session does not tell'] : []),
    ...(unknown > 0 ? [missing(unknown)] : []),
  ].join('; ');

const putDatagram = (out: PieceWriter, time: number, datagram: Datagram): void => {
  const { from, to, pieces } = datagram;
  const path = pathOf(from, to);
  const payload = asOne(pieces);
  const size = udpSize(path, payload);
  const unknown = payload.length - payload.data.length;
  const at = putPacketBlock(out, time, size, size + unknown, datagramNote(datagram, unknown));
  putUdp(out, at, path, payload);
};

/**
 * The session as a pcapng file for Wireshark, in pieces: IP packets rebuilt from what its calls sent and received. Bytes
 * that the journal's cap has taken away stand in it as packets cut short, with their length and a comment. `tlsKeys`: a key log
 * for records of TLS that a relay passed on; what the bench's own TLS carries is plain here.
 */
export function* exportPcapng(session: StreamedTraffic, tlsKeys?: Uint8Array): Generator<Uint8Array> {
  const { header } = session;
  const events = session.traffic();
  const liveOf = createLives(standIns(events));
  const began = Date.parse(header.began) * 1000;
  const timeOf = (t: number) => began + Math.round(t * 1000);
  const out = new PieceWriter();
  out.append(
    sectionBlock({
      comment: sectionComment(session),
      system: header.platform,
      application: `sockbench ${header.program}`,
    }),
  );
  out.append(interfaceBlock('bench', 'the sockets of sockbench, as the program saw them'));
  if (tlsKeys) out.append(secretsBlock(tlsKeys));
  for (const event of events) {
    if (event.kind === 'udp') putDatagram(out, timeOf(event.datagram.t), event.datagram);
    else {
      const live = liveOf(event.event.connection);
      const time = timeOf(event.event.t);
      for (const segment of live.stream.segments(event.event)) {
        putSegment(out, time, live, segment);
        if (out.isFull()) yield* out.take();
      }
    }
    if (out.isFull()) yield* out.take();
  }
  yield* out.take();
}

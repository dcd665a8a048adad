import { formatEndpoint } from '../../core/addresses/address.ts';
import { type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import { asOne } from '../pieces.ts';
import type { StreamedTraffic } from '../projection/projection.ts';
import {
  type Connection,
  type Datagram,
  otherSide,
  type Side,
  type TcpEvent,
  type TrafficEvent,
} from '../projection/traffic-events.ts';
import { type Packet, tcpPacket, udpPacket } from './ip-packets.ts';
import { interfaceBlock, packetBlock, secretsBlock, sectionBlock } from './pcapng-blocks.ts';
import { createTcpStream, type Segment, type TcpStream } from './tcp-segments.ts';

/** Small blocks are gathered into pieces of about this many bytes. */
const pieceSize = 256 * 1024;

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

/** Ports for sockets whose own the session does not tell: none that anything else in it uses. */
const standIns = (events: Iterable<TrafficEvent>): (() => number) => {
  const used = new Set<number | string>();
  for (const event of events) {
    const ends =
      event.kind === 'udp'
        ? [event.datagram.from, event.datagram.to]
        : [event.event.connection.client, event.event.connection.server];
    for (const end of ends) if (end) used.add(end.port);
  }
  let next = 65_536;
  return () => {
    do next--;
    while (used.has(next));
    return next;
  };
};

type Live = {
  readonly stream: TcpStream;
  readonly client: InetEndpoint;
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
    const live: Live = {
      stream: createTcpStream(connection, lives.size),
      client: connection.client ?? unknownClient(connection, port),
      note: noteOf(connection, port),
    };
    lives.set(connection, live);
    return live;
  };
};

const segmentPacket = (
  { from, header, chunk }: Segment,
  client: InetEndpoint,
  server: InetEndpoint,
): Packet => {
  const ends: Record<Side, InetEndpoint> = { client, server };
  const payload = { data: chunk.data ?? new Uint8Array(0), length: chunk.length };
  return tcpPacket(ends[from], ends[otherSide(from)], header, payload);
};

const unknownAddress = ({ from, to }: Datagram): boolean =>
  isWildcard(from.host) || isWildcard(to.host) || from.port === 0 || to.port === 0;

const datagramNote = (datagram: Datagram, unknown: number): string =>
  [
    ...(unknownAddress(datagram) ? ['zeros stand for an address that the session does not tell'] : []),
    ...(unknown > 0 ? [missing(unknown)] : []),
  ].join('; ');

function* blocksOf(session: StreamedTraffic, keys: Uint8Array | undefined): Generator<Uint8Array> {
  const { header } = session;
  const events = session.traffic();
  const liveOf = createLives(standIns(events));
  const began = Date.parse(header.began) * 1000;
  const timeOf = (t: number) => began + Math.round(t * 1000);
  yield sectionBlock({
    comment: sectionComment(session),
    system: header.platform,
    application: `sockbench ${header.program}`,
  });
  yield interfaceBlock('bench', 'the sockets of sockbench, as the program saw them');
  if (keys) yield secretsBlock(keys);

  function* tcpBlocks(event: TcpEvent) {
    const live = liveOf(event.connection);
    for (const segment of live.stream.segments(event)) {
      const gap = segment.chunk.data ? '' : missing(segment.chunk.length);
      const note = [live.note, gap].filter(text => text !== '').join('; ');
      live.note = '';
      yield packetBlock(timeOf(event.t), segmentPacket(segment, live.client, event.connection.server), note);
    }
  }

  for (const event of events) {
    if (event.kind === 'tcp') yield* tcpBlocks(event.event);
    else {
      const { t, from, to, pieces } = event.datagram;
      const payload = asOne(pieces);
      const note = datagramNote(event.datagram, payload.length - payload.data.length);
      yield packetBlock(timeOf(t), udpPacket(from, to, payload), note);
    }
  }
}

/**
 * The session as a pcapng file for Wireshark, in pieces: IP packets rebuilt from what its calls sent and received. Bytes
 * that the journal's cap has taken away stand in it as packets cut short, with their length and a comment. `tlsKeys`: a key log
 * for records of TLS that a relay passed on; what the bench's own TLS carries is plain here.
 */
export function* exportPcapng(session: StreamedTraffic, tlsKeys?: Uint8Array): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (const bytes of blocksOf(session, tlsKeys)) {
    waiting.push(bytes);
    size += bytes.length;
    if (size < pieceSize) continue;
    yield Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
  }
  yield Buffer.concat(waiting, size);
}

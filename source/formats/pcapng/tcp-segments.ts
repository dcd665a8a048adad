import { canonicalHost, familyOf, isLoopback } from '../../core/addresses/ip.ts';
import { type Chunk, chunksOf, onlyChunk, type Piece } from '../pieces.ts';
import { type Connection, otherSide, type Side, type TcpEvent } from '../projection/traffic-events.ts';
import { type TcpHeader, tcpFlags } from './ip-packets.ts';

export type Segment = { readonly from: Side; readonly header: TcpHeader; readonly chunk: Chunk };

/** A TCP connection's two sides as their kernels keep them; each event becomes the segments that it makes. */
export type TcpStream = { readonly segments: (event: TcpEvent) => Iterable<Segment> };

const { fin, syn, rst, psh, ack } = tcpFlags;

const nothing: Chunk = { data: new Uint8Array(0), length: 0 };
const noOptions = new Uint8Array(0);

/**
 * The window is not known to a program, so it stands here as large as it can be and never moves: 65,535 scaled by 2^14
 * (RFC 7323, section 2.3).
 */
const window = 0xffff;
const windowScale = 14;

/** Segments that are sent before an acknowledgement is written. */
const burst = 16;

/** What fits into a frame of loopback (65,536 bytes; an IPv4 packet is at most 65,535) or of Ethernet (1,500). */
const largestSegment = ({ client, server }: Connection): number => {
  const v4 = familyOf(canonicalHost(server.host)) === 'AF_INET';
  const local = isLoopback(server.host) || (client !== null && isLoopback(client.host));
  if (local) return v4 ? 65_495 : 65_476;
  return v4 ? 1460 : 1440;
};

/** Maximum segment size, no-operation, window scale. */
const synOptions = (mss: number): Uint8Array =>
  Uint8Array.of(2, 4, mss >> 8, mss & 255, 1, 3, 3, windowScale);

/** Apart from each other, so that a connection between the same addresses is not taken for the one before. */
const initialSequence = (index: number, side: Side): number =>
  (0x10000000 + index * 0x01000193 + (side === 'server' ? 0x40000000 : 0)) % 2 ** 32;

/** Both sides' sequence numbers: a segment takes one for each of its bytes, for SYN and for FIN (RFC 9293, section 3.4). */
const createSequences = ({ midway }: Connection, index: number) => {
  /** Of the next segment of each side; a count that wraps only when it is written. */
  const next: Record<Side, number> = {
    client: initialSequence(index, 'client') + (midway ? midway.client + 1 : 0),
    server: initialSequence(index, 'server') + (midway ? midway.server + 1 : 0),
  };
  return (from: Side, flags: number, chunk: Chunk = nothing, options: Uint8Array = noOptions): Segment => {
    const header = {
      // Modulo 2^32 (ECMA-262, ToUint32), at a third of the time that % takes above 2^31.
      sequence: next[from] >>> 0,
      acknowledgement: flags & ack ? next[otherSide(from)] >>> 0 : 0,
      flags,
      window: flags & rst ? 0 : window,
      options,
    };
    next[from] += chunk.length + (flags & (syn | fin) ? 1 : 0);
    return { from, header, chunk };
  };
};

/** Both sides of a connection so far. */
type Sides = {
  readonly segment: ReturnType<typeof createSequences>;
  readonly mss: number;
  /** Bytes before the session, and with those since. */
  readonly before: Readonly<Record<Side, number>>;
  readonly sent: Record<Side, number>;
  readonly finished: Record<Side, boolean>;
  readonly gone: Record<Side, boolean>;
  over: boolean;
};

const reset = (sides: Sides, from: Side): Segment[] => {
  sides.over = true;
  return [sides.segment(from, rst | ack)];
};

const finish = ({ finished, segment }: Sides, from: Side): Segment[] => {
  if (finished[from]) return [];
  finished[from] = true;
  return [segment(from, fin | ack), segment(otherSide(from), ack)];
};

const push = ({ sent, segment }: Sides, from: Side, chunk: Chunk): Segment => {
  sent[from] += chunk.length;
  return segment(from, psh | ack, chunk);
};

/** Nobody holds the other end: its kernel answers with a reset (RFC 9293, section 3.10.7.1). */
const acknowledged = (sides: Sides, to: Side): Segment[] =>
  sides.gone[to] ? reset(sides, to) : [sides.segment(to, ack)];

/** As many as gigabytes make, one after the other. */
function* manySegments(sides: Sides, from: Side, pieces: readonly Piece[]): Generator<Segment> {
  const to = otherSide(from);
  let unacknowledged = 0;
  for (const chunk of chunksOf(pieces, sides.mss)) {
    yield push(sides, from, chunk);
    unacknowledged++;
    if (!sides.gone[to] && unacknowledged < burst) continue;
    yield* acknowledged(sides, to);
    if (sides.over) return;
    unacknowledged = 0;
  }
  if (unacknowledged > 0) yield* acknowledged(sides, to);
}

const data = (sides: Sides, from: Side, pieces: readonly Piece[]): Iterable<Segment> => {
  const chunk = onlyChunk(pieces, sides.mss);
  if (!chunk) return manySegments(sides, from, pieces);
  const to = otherSide(from);
  const pushed = push(sides, from, chunk);
  return sides.gone[to] ? [pushed, ...reset(sides, to)] : [pushed, sides.segment(to, ack)];
};

/** A kernel whose program leaves bytes unread resets the connection (RFC 2525, section 2.17). */
const close = (sides: Sides, from: Side, read: number): Segment[] => {
  const { gone, sent, before } = sides;
  gone[from] = true;
  const to = otherSide(from);
  return read < sent[to] - before[to] ? reset(sides, from) : finish(sides, from);
};

export const createTcpStream = (connection: Connection, index: number): TcpStream => {
  const before = connection.midway ?? { client: 0, server: 0 };
  const segment = createSequences(connection, index);
  const sides: Sides = {
    segment,
    mss: largestSegment(connection),
    before,
    sent: { client: before.client, server: before.server },
    finished: { client: false, server: false },
    gone: { client: false, server: false },
    over: false,
  };
  return {
    segments: event => {
      const { from } = event;
      if (sides.over) return [];
      switch (event.kind) {
        case 'syn':
          return [segment('client', syn, nothing, synOptions(sides.mss))];
        case 'open':
          return [segment('server', syn | ack, nothing, synOptions(sides.mss)), segment('client', ack)];
        case 'refused':
          return reset(sides, 'server');
        case 'data':
          return data(sides, from, event.pieces);
        case 'shut':
          return finish(sides, from);
        case 'reset':
          return reset(sides, from);
        case 'close':
          return close(sides, from, event.read);
      }
    },
  };
};

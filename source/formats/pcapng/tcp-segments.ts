import { canonicalHost, familyOf, isLoopback } from '../../core/addresses/ip.ts';
import { type Chunk, chunksOf, type Piece } from '../pieces.ts';
import { type Connection, otherSide, type Side, type TcpEvent } from '../projection/traffic-events.ts';
import { type TcpHeader, tcpFlags } from './ip-packets.ts';

export type Segment = { readonly from: Side; readonly header: TcpHeader; readonly chunk: Chunk };

/** A TCP connection's two sides as their kernels keep them; each event becomes the segments that it makes. */
export type TcpStream = { readonly segments: (event: TcpEvent) => Generator<Segment> };

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
      sequence: next[from] % 2 ** 32,
      acknowledgement: flags & ack ? next[otherSide(from)] % 2 ** 32 : 0,
      flags,
      window: flags & rst ? 0 : window,
      options,
    };
    next[from] += chunk.length + (flags & (syn | fin) ? 1 : 0);
    return { from, header, chunk };
  };
};

export const createTcpStream = (connection: Connection, index: number): TcpStream => {
  const { midway } = connection;
  const mss = largestSegment(connection);
  const segment = createSequences(connection, index);
  const sent: Record<Side, number> = { client: midway?.client ?? 0, server: midway?.server ?? 0 };
  const finished: Record<Side, boolean> = { client: false, server: false };
  const gone: Record<Side, boolean> = { client: false, server: false };
  let over = false;

  function* reset(from: Side) {
    yield segment(from, rst | ack);
    over = true;
  }

  function* finish(from: Side) {
    if (finished[from]) return;
    finished[from] = true;
    yield segment(from, fin | ack);
    yield segment(otherSide(from), ack);
  }

  /** Nobody holds the other end: its kernel answers with a reset (RFC 9293, section 3.10.7.1). */
  function* data(from: Side, pieces: readonly Piece[]) {
    const to = otherSide(from);
    let unacknowledged = 0;
    for (const chunk of chunksOf(pieces, mss)) {
      sent[from] += chunk.length;
      yield segment(from, psh | ack, chunk);
      unacknowledged++;
      if (gone[to]) return yield* reset(to);
      if (unacknowledged === burst) {
        yield segment(to, ack);
        unacknowledged = 0;
      }
    }
    if (unacknowledged > 0) yield segment(to, ack);
  }

  /** A kernel whose program leaves bytes unread resets the connection (RFC 2525, section 2.17). */
  function* close(from: Side, read: number) {
    gone[from] = true;
    const arrived = sent[otherSide(from)] - (midway?.[otherSide(from)] ?? 0);
    if (read < arrived) yield* reset(from);
    else yield* finish(from);
  }

  function* segments(event: TcpEvent): Generator<Segment> {
    const { from } = event;
    if (over) return;
    switch (event.kind) {
      case 'syn':
        return yield segment('client', syn, nothing, synOptions(mss));
      case 'open':
        yield segment('server', syn | ack, nothing, synOptions(mss));
        return yield segment('client', ack);
      case 'refused':
        return yield* reset('server');
      case 'data':
        return yield* data(from, event.pieces);
      case 'shut':
        return yield* finish(from);
      case 'reset':
        return yield* reset(from);
      case 'close':
        return yield* close(from, event.read);
    }
  }

  return { segments };
};

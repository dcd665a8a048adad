import { type InetEndpoint, inet, inetOrNull } from '../../core/addresses/endpoint.ts';
import { canonicalHost, familyOf, isLoopback, isWildcard } from '../../core/addresses/ip.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import { asOne, droppedPiece, type Piece, type PieceMakers } from '../pieces.ts';
import { createOwnAddresses } from './parties.ts';
import type { Datagram } from './traffic-events.ts';

type DatagramSocket = { local: InetEndpoint | null; peer: InetEndpoint | null };

type Sent = {
  readonly t: number;
  readonly socket: DatagramSocket;
  readonly local: InetEndpoint | null;
  readonly to: InetEndpoint;
  readonly pieces: readonly Piece[];
};

type Received = {
  readonly t: number;
  readonly local: InetEndpoint | null;
  /** null: recv does not tell. */
  readonly from: InetEndpoint | null;
  readonly pieces: readonly Piece[];
};

/** What the bench's datagram sockets did, as others could see it. */
export type UdpTraffic = {
  readonly made: (name: string, local: InetEndpoint | null, peer: InetEndpoint | null) => void;
  readonly has: (name: string) => boolean;
  readonly learned: (name: string, local: InetEndpoint) => void;
  readonly connected: (name: string, peer: InetEndpoint) => void;
  /** `to` null: to the peer. */
  readonly sent: (name: string, to: InetEndpoint | null, pieces: readonly Piece[], t: number) => void;
  readonly received: (entry: EndedEntry, name: string) => void;
  readonly datagrams: () => Datagram[];
};

const isV4 = ({ host }: InetEndpoint): boolean => familyOf(canonicalHost(host)) === 'AF_INET';

const zeros = (like: InetEndpoint): string => (isV4(like) ? '0.0.0.0' : '::');

/** Towards loopback the kernel sends from loopback. */
const loopback = (like: InetEndpoint): string => (isV4(like) ? '127.0.0.1' : '::1');

const startsWith = (data: Uint8Array, start: Uint8Array): boolean =>
  start.every((byte, index) => data[index] === byte);

/** Senders by their port, as those who received from them saw them. */
type Senders = ReadonlyMap<number | string, InetEndpoint>;

const sendersSeen = (received: readonly Received[]): Senders =>
  new Map(received.flatMap(({ from }) => (from ? [[from.port, from] as const] : [])));

const sourceOf = ({ socket, local: then, to }: Sent, seen: Senders): InetEndpoint => {
  const local = then ?? socket.local;
  if (local && !isWildcard(local.host)) return local;
  const port = local?.port ?? 0;
  const told = port === 0 ? undefined : seen.get(port);
  return told ?? inet(isLoopback(to.host) ? loopback(to) : zeros(to), port);
};

const targetOf = (local: InetEndpoint | null, from: InetEndpoint): InetEndpoint => {
  if (local && !isWildcard(local.host)) return local;
  return inet(isLoopback(from.host) ? loopback(from) : zeros(from), local?.port ?? 0);
};

const asArrived = (datagram: Received): Datagram => {
  const { t, local, pieces } = datagram;
  const from = datagram.from ?? inet(local ? zeros(local) : '0.0.0.0', 0);
  return { t, from, to: targetOf(local, from), pieces };
};

/** Whether a socket that tells no sender has received what the bench sent itself. */
const wasSent = ({ local, pieces, t }: Received, sent: readonly Sent[]): boolean => {
  const { data } = asOne(pieces);
  return sent.some(
    other => other.t <= t && other.to.port === local?.port && startsWith(asOne(other.pieces).data, data),
  );
};

export const createUdpTraffic = (makers: PieceMakers): UdpTraffic => {
  const sockets = new Map<string, DatagramSocket>();
  const locals = createOwnAddresses();
  const sent: Sent[] = [];
  const received: Received[] = [];

  const learned = (name: string, local: InetEndpoint) => {
    const socket = sockets.get(name);
    if (!socket || local.port === 0) return;
    socket.local = local;
    locals.add(local);
  };

  /** What a bench's socket has sent is written where it was sent, not again where it arrives. */
  const isOwn = (datagram: Received): boolean =>
    datagram.from ? locals.has(datagram.from) : wasSent(datagram, sent);

  return {
    made: (name, local, peer) => {
      sockets.set(name, { local: null, peer });
      if (local) learned(name, local);
    },
    has: name => sockets.has(name),
    learned,
    connected: (name, peer) => {
      const socket = sockets.get(name);
      if (socket) socket.peer = peer;
    },
    sent: (name, address, pieces, t) => {
      const socket = sockets.get(name);
      const to = address ?? socket?.peer;
      if (socket && to) sent.push({ t, socket, local: socket.local, to, pieces });
    },
    received: ({ outcome, t }, name) => {
      const socket = sockets.get(name);
      if (!socket || outcome.kind !== 'data') return;
      const { data, dropped, lost = 0 } = outcome;
      const pieces = [...makers.received(data, dropped), ...(lost > 0 ? [droppedPiece(lost)] : [])];
      received.push({ t, local: socket.local, from: inetOrNull(outcome.from) ?? socket.peer, pieces });
    },
    datagrams: () => {
      const seen = sendersSeen(received);
      return [
        ...sent.map(one => ({ t: one.t, from: sourceOf(one, seen), to: one.to, pieces: one.pieces })),
        ...received.filter(one => !isOwn(one)).map(asArrived),
      ];
    },
  };
};

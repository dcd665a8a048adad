import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import type { Piece } from '../pieces.ts';

/** The end that called connect, and the end that listened. */
export type Side = 'client' | 'server';

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/** A TCP connection, or an attempt at one. */
export type Connection = {
  /** null: the kernel chose it and the session does not tell. */
  client: InetEndpoint | null;
  readonly server: InetEndpoint;
  /** The bench's sockets at its ends, '' for a foreign one. */
  readonly names: Record<Side, string>;
  /** Bytes that each side had sent before the session begins; null where the handshake is in the session. */
  readonly midway: Readonly<Record<Side, number>> | null;
};

/**
 * Something one side of a connection did that others could see. `t` in ms since the bench began. `shut`: it sends no
 * more (FIN). `close`: nobody holds that end any more, `read` bytes were taken from it: a FIN, or a reset where some
 * were left.
 */
export type TcpEvent = {
  readonly t: number;
  readonly connection: Connection;
  readonly from: Side;
} & (
  | { readonly kind: 'syn' | 'refused' | 'open' | 'shut' | 'reset' }
  | { readonly kind: 'data'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'close'; readonly read: number }
);

/** An event of a connection that is known elsewhere. */
export type EventOf<E> = E extends unknown ? Omit<E, 'connection'> : never;

/** One datagram; no pieces: an empty one. A host of zeros, a port 0: the session does not tell them. */
export type Datagram = {
  readonly t: number;
  readonly from: InetEndpoint;
  readonly to: InetEndpoint;
  readonly pieces: readonly Piece[];
};

/** In the order of time. */
export type TrafficEvent =
  | { readonly kind: 'tcp'; readonly event: TcpEvent }
  | { readonly kind: 'udp'; readonly datagram: Datagram };

/** All that was seen, and between whom; null is an end that the session does not tell. */
export type TrafficEvents = Iterable<TrafficEvent> & { readonly ends: () => Iterable<InetEndpoint | null> };

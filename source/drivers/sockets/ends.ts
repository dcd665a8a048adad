import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Owner } from '../../core/calls/outcome.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { TransportId } from '../../core/model/transports.ts';
import type { Literal } from '../system/literal.ts';
import type { ReceiveMemory } from './receive-memory.ts';

/** undefined where the kernel would not tell: the peer had reset the connection before it was accepted. */
export type Addresses = { readonly local?: Endpoint; readonly peer?: Endpoint; readonly owner?: Owner };

/**
 * 0, a count, or a negative errno as libuv gives them: one number, because on the path of every recv and send
 * an object or an exception would cost more than the system call.
 */
export type Status = number;

/**
 * One TCP socket as the calls need it. `exact` ends do what the kernel does, call by call; the others come from
 * Node's public classes, which accept and read ahead in user space.
 */
export type TcpEnd = {
  readonly exact: boolean;
  /** Itself, where every call is the system's own; null where Node's library makes some in its own way. */
  readonly native: NativeTcpEnd | null;
  /** The system's descriptor, -1 where it is not known. */
  readonly fd: () => number;
  /** socket(2), once. Ends that are not native have theirs from bind or connect: this only asks for a descriptor left. */
  readonly open: () => Status;
  readonly bind: (at: Literal, v6only: boolean) => Status;
  readonly local: () => Endpoint | null;
  /** null where the kernel says ENOTCONN. */
  readonly peer: () => Endpoint | null;
  /** The gate starts closed. Called again, it changes the backlog of the live listener. */
  readonly listen: (backlog: number) => Status;
  /** Opens the gate: every connection taken, or why one could not be, is handed over until `hold` closes it. */
  readonly admit: (taken: (accepted: Accepted | Status) => void) => void;
  readonly hold: () => void;
  readonly connect: (to: Literal, done: (status: Status) => void) => Status;
  /** Calls `ready` whenever there is something to read, EOF and errors included, until `unwatch`. */
  readonly watch: (ready: () => void) => Status;
  readonly unwatch: () => void;
  /** read(2): bytes read, 0 at EOF, -EAGAIN where there is nothing. */
  readonly readNow: (into: Uint8Array, offset: number, length: number) => Status;
  /** write(2): bytes the kernel took, -EAGAIN where it has no room or a piece handed over is still on its way. */
  readonly writeNow: (data: Uint8Array) => Status;
  /**
   * Hands a piece over to be written when there is room; it cannot be withdrawn. The count where the kernel had room
   * at once: `done` is not called. 0: `done` is called once, in a later turn, with 0 or a negative errno; the kernel
   * may have had the piece before that.
   */
  readonly hand: (piece: Uint8Array, done: (status: Status) => void) => Status;
  /** Bytes handed over that the kernel has not taken: 0 says that it has them all, whether or not `done` was called. */
  readonly pending: () => number;
  readonly shutdown: (done: (status: Status) => void) => Status;
  readonly close: (done?: () => void) => void;
  /** Closes with an RST. */
  readonly reset: (done?: () => void) => void;
  readonly setNoDelay: (on: boolean) => Status;
  readonly setKeepAlive: (on: boolean) => Status;
};

/** What reading a stream needs of its end. */
export type ReadableEnd = Pick<TcpEnd, 'exact' | 'fd' | 'readNow' | 'watch' | 'unwatch'>;

/**
 * A connection out of the accept queue. accept(2) tells its peer even where that has reset it since; Node's library
 * keeps that to itself, and `peer` is null then.
 */
export type Accepted = { readonly end: TcpEnd; readonly peer: Endpoint | null };

/** One TCP socket on system calls: the kernel hears nothing but what was asked for. */
export type NativeTcpEnd = TcpEnd & {
  /** accept(2); -EAGAIN where the queue is empty. `watch` says when it no longer is. */
  readonly acceptNow: () => Accepted | Status;
  /** shutdown(2), of what libuv has no shutdown for: SHUT_RD, which ends a listener. */
  readonly shutdownNow: (how: ShutdownHow) => Status;
  /** Whose the other end is, where the kernel tells: of Unix sockets. */
  readonly owner: () => Owner | null;
  /** connect(2) of a Unix socket, which is over at once; -EAGAIN where the listener's queue is full. */
  readonly connectNow: (to: Literal) => Status;
};

/**
 * A datagram as it arrived, the hearer's own: its length, and as much of it as there was room for; or, with a negative status, an
 * error the kernel had kept for the socket.
 */
export type Arrival = (status: Status, data: Uint8Array, from: Endpoint) => void;

/** What Node's library sets before it binds a UDP socket. */
export type BindFlags = { readonly v6only: boolean; readonly reuseAddr: boolean };

/** Options of a UDP socket, by the calls that Node has for them. */
export type UdpOptions = {
  readonly setTtl: (ttl: number) => Status;
  readonly setBroadcast: (on: boolean) => Status;
  readonly setMulticastTtl: (ttl: number) => Status;
  readonly setMulticastLoop: (on: boolean) => Status;
  readonly setMulticastInterface: (address: string) => Status;
  readonly addMembership: (group: string, local: string | undefined) => Status;
  readonly dropMembership: (group: string, local: string | undefined) => Status;
  /** Bytes as the kernel counts them (Linux doubles what is asked for); `size` 0 reads. */
  readonly bufferSize: (size: number, receive: boolean) => Status;
};

/** One UDP socket. */
export type UdpEnd = UdpOptions & {
  /** Whether every call is the system's own: the kernel binds where something is sent or connected before bind. */
  readonly native: boolean;
  readonly fd: () => number;
  /** As that of a TCP end. */
  readonly open: () => Status;
  readonly bind: (at: Literal, flags: BindFlags) => Status;
  readonly connect: (to: Literal) => Status;
  readonly disconnect: () => Status;
  /** Bytes sent, or 'later': `done` then says how it ended. No address: to the connected peer. */
  readonly send: (data: Uint8Array, to: Literal | null, done: (status: Status) => void) => Status | 'later';
  /** Takes back what that `done` was to hear of; false where it is on its way. */
  readonly withdraw: (done: (status: Status) => void) => boolean;
  /** shutdown(2), where it is the system's own; null where Node has none for datagrams. */
  readonly shutdown: (how: ShutdownHow) => Status | null;
  /** Starts taking datagrams into `memory`, each handed over at once, until `hold`. */
  readonly receive: (memory: ReceiveMemory, arrival: Arrival) => Status;
  readonly hold: () => void;
  readonly local: () => Endpoint | null;
  readonly peer: () => Endpoint | null;
  readonly close: (done?: () => void) => void;
};

type Makers = {
  readonly tcp: (family: InetFamily) => TcpEnd;
  readonly udp: (family: InetFamily) => UdpEnd;
  readonly unix: () => TcpEnd;
  /** Or why there is none. */
  readonly unixgram: () => UdpEnd | string;
};

/** Makes ends, of each transport its own; never throws. */
export type Ends = { readonly [T in TransportId]: Makers[T] };

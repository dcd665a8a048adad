import { marked } from '../words/translate.ts';
import type { Family, SocketCondition, SocketType } from './names.ts';

/** How bytes travel between two sockets. As schemes of addresses, services(5) and the kernel's tables name it. */
export type TransportId = 'tcp' | 'udp' | 'unix' | 'unixgram';

export type Transport = {
  readonly id: TransportId;
  readonly title: string;
  /** In order, where a receive knows nothing of the sends; or each apart, as it was sent, and perhaps never. */
  readonly carries: 'bytes' | 'datagrams';
  /** Its ends are joined by a handshake: a listener queues them, and connect waits for it. Else connect only sets the peer. */
  readonly shakesHands: boolean;
  /** ss's word for a socket that has no peer yet. */
  readonly unconnected: SocketCondition;
  /** A send waits where the receiver has no room: what is sent is not lost for that. */
  readonly flowControl: boolean;
  /** What a receive that takes no bytes says. */
  readonly empty: 'end' | 'datagram';
  /** The kernel may keep a closed socket: bytes to send are left, or late segments to wait for (RFC 9293, 3.6). */
  readonly lingers: boolean;
  /** The call of its receive loop. */
  readonly receives: 'recv' | 'recvfrom';
  /** Its number in the header of IP (protocols(5)); 0: what it carries never leaves the machine. */
  readonly protocol: number;
};

/** THE table of transports: what differs between them is a column here, or a switch over their ids. */
export const transports: { readonly [T in TransportId]: Transport & { readonly id: T } } = {
  tcp: {
    id: 'tcp',
    title: 'TCP',
    carries: 'bytes',
    shakesHands: true,
    unconnected: 'CLOSED',
    flowControl: true,
    empty: 'end',
    lingers: true,
    receives: 'recv',
    protocol: 6,
  },
  udp: {
    id: 'udp',
    title: 'UDP',
    carries: 'datagrams',
    shakesHands: false,
    unconnected: 'UNCONN',
    flowControl: false,
    empty: 'datagram',
    lingers: false,
    receives: 'recvfrom',
    protocol: 17,
  },
  unix: {
    id: 'unix',
    title: marked('Unix stream'),
    carries: 'bytes',
    shakesHands: true,
    unconnected: 'UNCONN',
    flowControl: true,
    empty: 'end',
    lingers: false,
    receives: 'recv',
    protocol: 0,
  },
  unixgram: {
    id: 'unixgram',
    title: marked('Unix datagram'),
    carries: 'datagrams',
    shakesHands: false,
    unconnected: 'UNCONN',
    flowControl: true,
    empty: 'datagram',
    lingers: false,
    receives: 'recvfrom',
    protocol: 0,
  },
};

/** What socket() was asked for. */
export type Kind = { readonly family: Family; readonly type: SocketType };

/** Of the internet's families, by the socket's type. */
export const internet = { SOCK_STREAM: 'tcp', SOCK_DGRAM: 'udp' } as const;

const local = { SOCK_STREAM: 'unix', SOCK_DGRAM: 'unixgram' } as const;

const chosen: { readonly [F in Family]: Readonly<Record<SocketType, TransportId>> } = {
  AF_INET: internet,
  AF_INET6: internet,
  AF_UNIX: local,
};

/** The types of socket that have a transport, by its id. */
export type TypeOf = {
  readonly [T in SocketType as (typeof internet)[T] | (typeof local)[T]]: T;
};

export const families = Object.keys(chosen) as readonly Family[];

export const socketTypes = Object.keys(internet) as readonly SocketType[];

/** The transport that the kernel gives a socket of this family and type, where no protocol is named (socket(2)). */
export const transportOf = ({ family, type }: Kind): Transport & { readonly id: TransportId } =>
  transports[chosen[family][type]];

export const carriesDatagrams = (socket: Kind): boolean => transportOf(socket).carries === 'datagrams';

export const shakesHands = (socket: Kind): boolean => transportOf(socket).shakesHands;

import { type Endpoint, type InetEndpoint, isInet } from '../addresses/endpoint.ts';
import type { Family, InetFamily, SocketType } from './names.ts';

/** What one socket looks like to the kernel. Bytes, but for a LISTEN socket's `rcvQ`: connections waiting. */
export type Sample = {
  readonly socket: string;
  /** ss's word; CLOSE: the kernel has ended the connection and lists it no more. */
  readonly state: string;
  readonly rcvQ: number;
  readonly sndQ: number;
  readonly timer: 'none' | 'retransmit' | 'keepalive' | 'time-wait' | 'zero-window';
  /** Milliseconds until the timer fires. */
  readonly timerMs: number;
  readonly retransmits: number;
  readonly drops: number;
  /** In SYN-SENT: its own address, which its connect tells only when that ends. */
  readonly local?: Endpoint;
};

/** A socket to look up in the kernel's tables. */
export type Observed = {
  readonly name: string;
  readonly type: SocketType;
  readonly family: Family;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  readonly listening: boolean;
};

/** One that the tables of IP know. */
export type InetObserved = Observed & {
  readonly family: InetFamily;
  readonly local: InetEndpoint | null;
  readonly peer: InetEndpoint | null;
};

const isInetOrNone = (endpoint: Endpoint | null): endpoint is InetEndpoint | null =>
  !endpoint || isInet(endpoint);

export const isInetObserved = (socket: Observed): socket is InetObserved =>
  socket.family !== 'AF_UNIX' && isInetOrNone(socket.local) && isInetOrNone(socket.peer);

export type Observation = {
  /** kernel: read from its tables. application: this system shows none; nothing is invented. */
  readonly source: 'kernel' | 'application';
  readonly samples: readonly Sample[];
};

/** Reads what the kernel knows of the bench's own sockets. */
export type Observer = {
  /** Never rejects. */
  readonly sample: (sockets: readonly Observed[]) => Promise<Observation>;
  /** What the newest sample cost: ms of CPU. */
  readonly cost?: () => { readonly ms: number };
  /** Gives back what it opened. */
  readonly close?: () => void;
};

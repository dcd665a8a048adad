import { type Endpoint, type InetEndpoint, isInet } from '../addresses/endpoint.ts';
import type { Sample } from './entry.ts';
import type { Family, InetFamily, SocketType } from './names.ts';

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

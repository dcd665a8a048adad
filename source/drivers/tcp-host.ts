import type { Notice } from '../core/driver.ts';
import type { Endpoint } from '../core/endpoint.ts';
import type { ErrorCode } from '../core/error-table.ts';
import type { Family } from '../core/names.ts';
import type { Owner } from '../core/outcome.ts';
import type { Accepted, Ends } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import type { TcpSocket } from './tcp-socket.ts';
import type { Twins } from './twins.ts';

/** What TCP sockets have in common. */
export type TcpSocketHost = {
  readonly ends: () => Ends;
  readonly memory: ReceiveMemory;
  readonly twins: Twins;
  /** Makes a socket of an accepted end. */
  readonly adopt: (accepted: Accepted, family: Family, name: string) => TcpSocket;
  /** Bytes of a stopped send that left after its end. */
  readonly late: (socket: string, bytes: number) => void;
  readonly notice: (notice: Notice) => void;
};

/** undefined where the kernel would not tell: the peer had reset the connection before it was accepted. */
export type Addresses = { readonly local?: Endpoint; readonly peer?: Endpoint; readonly owner?: Owner };

export type Phase = 'fresh' | 'listening' | 'connecting' | 'connected' | 'closed';

/** What the kernel says to a receive or a send without a connection. */
export type Unconnected = { readonly recv: ErrorCode; readonly send: ErrorCode };

export const unconnectedTcp: Unconnected = { recv: 'ENOTCONN', send: 'EPIPE' };

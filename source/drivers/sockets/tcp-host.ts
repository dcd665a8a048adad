import type { Notice } from '../../core/calls/driver.ts';
import type { Family } from '../../core/model/names.ts';
import type { ErrorCode } from '../../core/words/error-table.ts';
import type { Accepted, Addresses, Ends } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import type { Twins } from './twin-ends.ts';

/** What TCP sockets have in common. */
export type TcpSocketHost = {
  readonly ends: () => Ends;
  readonly memory: ReceiveMemory;
  readonly twins: Twins;
  /** Makes a socket of an accepted end, and says between which addresses it is. */
  readonly adopt: (accepted: Accepted, family: Family, name: string) => Addresses;
  /** Bytes of a stopped send that left after its end. */
  readonly late: (socket: string, bytes: number) => void;
  readonly notice: (notice: Notice) => void;
};

export type Phase = 'fresh' | 'listening' | 'connecting' | 'connected' | 'closed';

/** What the kernel says to a receive or a send without a connection. */
export type Unconnected = { readonly recv: ErrorCode; readonly send: ErrorCode };

export const unconnectedTcp: Unconnected = { recv: 'ENOTCONN', send: 'EPIPE' };

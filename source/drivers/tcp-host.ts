import type { Endpoint } from '../core/endpoint.ts';
import type { InetFamily } from '../core/names.ts';
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
  readonly adopt: (accepted: Accepted, family: InetFamily, name: string) => TcpSocket;
  /** Bytes of a stopped send that left after its end. */
  readonly late: (socket: string, bytes: number) => void;
};

/** undefined where the kernel would not tell: the peer had reset the connection before it was accepted. */
export type Addresses = { readonly local?: Endpoint; readonly peer?: Endpoint };

import type { Notice } from '../../core/calls/driver.ts';
import type { Family } from '../../core/model/names.ts';
import type { Accepted, Addresses, Ends, UdpEnd } from './ends.ts';
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

/** What UDP sockets have in common. */
export type UdpSocketHost = {
  /** Another end for a socket, or for a trial. */
  readonly end: (family: Family) => UdpEnd;
  readonly memory: ReceiveMemory;
  /** Bytes of a stopped send's datagram that left after its end. */
  readonly late: (socket: string, bytes: number) => void;
};

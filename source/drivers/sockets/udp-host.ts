import type { Family } from '../../core/model/names.ts';
import type { UdpEnd } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';

/** What UDP sockets have in common. */
export type UdpSocketHost = {
  /** Another end for a socket, or for a trial. */
  readonly end: (family: Family) => UdpEnd;
  readonly memory: ReceiveMemory;
  /** Bytes of a stopped send's datagram that left after its end. */
  readonly late: (socket: string, bytes: number) => void;
};

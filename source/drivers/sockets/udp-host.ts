import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import type { Status, UdpEnd } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import type { Report } from './report.ts';
import type { Wanted } from './tcp-reading.ts';

/** A datagram as asked for: `all` for sendall. `timeout` in ms as the socket has it. */
export type Datagram = { readonly data: Bytes; readonly all: boolean; readonly timeout: number | null };

/** A SOCK_DGRAM socket: every call that is made on one. */
export type UdpSocket = {
  readonly type: 'SOCK_DGRAM';
  readonly family: Family;
  /** As set by setsockopt, by the option's name. */
  readonly options: Map<string, number | string>;
  readonly bound: () => boolean;
  /** Whether there is the kernel's socket; where Node's library makes it, it comes with bind. */
  readonly there: () => boolean;
  readonly end: () => UdpEnd;
  /** Run with the end once the kernel's socket is there. */
  readonly onceBound: (apply: (end: UdpEnd) => void) => void;
  /** Applies something to a socket made for it alone: what the kernel says of it. */
  readonly tryOut: (apply: (end: UdpEnd) => Status) => Status;
  readonly bind: (address: Endpoint) => Outcome;
  readonly connect: (address: Endpoint) => Outcome;
  readonly recv: (wanted: Wanted, from: boolean, report: Report) => Running | null;
  readonly send: (to: Endpoint | null, outgoing: Datagram, report: Report) => Running | null;
  readonly shutdown: (how: ShutdownHow) => Outcome;
  readonly getsockname: () => Outcome;
  readonly getpeername: () => Outcome;
  /** close(2): the kernel's socket is gone once no call is inside, and then `gone` is called. */
  readonly letGo: (gone: () => void) => void;
  /** Ends what is in flight with CLOSED. */
  readonly close: (done?: () => void) => void;
};

/** What UDP sockets have in common; `late` hears of a stopped send's datagram that left after its end. */
export type UdpSocketHost = {
  /** Another end for the socket, or for a trial. */
  readonly make: () => UdpEnd;
  readonly memory: ReceiveMemory;
  readonly late: (bytes: number) => void;
};

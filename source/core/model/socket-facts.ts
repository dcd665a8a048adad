import type { NetLine } from './net-line.ts';

/**
 * What the options of a socket say of how long a call on it waits, in ms; 0: for ever. Another process's socket tells them
 * through a descriptor of one's own (pidfd_getfd(2)).
 *
 * - `receiveMs`, `sendMs`: SO_RCVTIMEO and SO_SNDTIMEO
 * - `userMs`: TCP_USER_TIMEOUT, after which unsent bytes end the connection
 * - `lowWater`: SO_RCVLOWAT, bytes
 * - `receivedAgoMs`, `sentAgoMs`: since the last segment with data; `receivedBytes`: all that came; TCP's, null for others
 */
export type SocketTimes = {
  readonly receiveMs: number;
  readonly sendMs: number;
  readonly userMs: number;
  readonly lowWater: number;
  readonly receivedAgoMs: number | null;
  readonly sentAgoMs: number | null;
  readonly receivedBytes: number | null;
};

/**
 * A Unix socket. `peer` is the inode of the other end, 0 for none; of a listener `rcvQ` is connections that wait, else
 * both are bytes that nobody has read yet. `shut`: bit 0 no more is received, bit 1 no more is sent.
 */
export type UnixSocket = {
  readonly inode: number;
  readonly peer: number;
  readonly rcvQ: number;
  readonly sndQ: number;
  readonly shut: number;
};

export type TcpTable = 'tcp' | 'tcp6';

/** What the files in /proc do not tell, or not as soon, asked by system calls; null where that is not possible. */
export type SocketFacts = {
  readonly timesOf: (pid: number, fd: number) => SocketTimes | null;
  /** All of this network namespace. */
  readonly unixSockets: () => readonly UnixSocket[] | null;
  /** The same of TCP, by the family's table. */
  readonly tcpLines: (table: TcpTable) => readonly NetLine[] | null;
};

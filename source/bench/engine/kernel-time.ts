import type { Call } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls } from '../../core/calls/calls.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { LiveSocket } from './registry.ts';

/*
 * SO_RCVTIMEO and SO_SNDTIMEO (socket(7)): the kernel's own limit on a call of a blocking socket. The driver's sockets are
 * never blocking for the kernel, so that the bench keeps the time.
 */

/** ms that a call may wait for the kernel, 0: for ever. connect goes by the time for sending. */
export const kernelTime = (socket: LiveSocket, { waits }: Pick<CallSpec, 'waits'>): number => {
  switch (waits) {
    case 'handshake':
    case 'room':
      return socket.sendTime;
    case 'bytes':
    case 'client':
      return socket.receiveTime;
    case 'tls':
    case 'answer':
    case 'ready':
    case null:
      return 0;
  }
};

/**
 * Whether a call makes another send(2), with the whole time, where one has sent something when its time is over: sendall and a buffer
 * do, until all is sent.
 */
export const sendsOn = (
  { moves, returns }: Pick<CallSpec, 'moves' | 'returns'>,
  unbuffered: boolean,
): boolean => moves === 'out' && returns !== 'count' && !unbuffered;

/**
 * How such a call ends: a send with what the kernel took, if that was anything. So does the write of a file object without
 * a buffer, and returns None where it was nothing (SocketIO.write); with a buffer all is written, or it is an error.
 */
export const timedOut = (call: Call, count: number, unbuffered = false): Outcome => {
  const { waits, returns, on } = calls[call.name];
  if (returns === 'length' && unbuffered) return count > 0 ? { kind: 'count', count, passed: count } : ok;
  if (waits === 'handshake') return failure('EINPROGRESS');
  if (returns === 'count' && on.includes('socket') && count > 0) return { kind: 'count', count };
  return failure('EAGAIN', undefined, count > 0 ? count : undefined);
};

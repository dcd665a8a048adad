import type { Call } from '../core/call.ts';
import { calls } from '../core/calls.ts';
import { failure, type Outcome } from '../core/outcome.ts';
import type { LiveSocket } from './registry.ts';

/*
 * SO_RCVTIMEO and SO_SNDTIMEO (socket(7)): the kernel's own limit on a call of a blocking socket. The driver's sockets are
 * never blocking for the kernel, so that the bench keeps the time.
 */

/** ms that a call may wait for the kernel, 0: for ever. connect goes by the time for sending. */
export const kernelTime = (socket: LiveSocket | undefined, call: Call): number => {
  const { lane } = calls[call.name];
  if (!socket || lane === 'none') return 0;
  return call.name === 'connect' || lane === 'writer' ? socket.sendTime : socket.receiveTime;
};

/** How such a call ends: send with what the kernel took, if that was anything. */
export const timedOut = (call: Call, count: number): Outcome => {
  if (call.name === 'connect') return failure('EINPROGRESS');
  if (call.name === 'send' && count > 0) return { kind: 'count', count };
  return failure('EAGAIN', undefined, count > 0 ? count : undefined);
};

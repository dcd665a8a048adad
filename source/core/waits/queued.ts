import type { Queued } from '../model/finding.ts';
import type { BenchState, CallState, SocketState } from '../model/state.ts';
import { subjectOf } from './wait-ground.ts';

/** Bytes between two ends: what the sender's kernel still holds and what the receiver's holds unread. */
const queuedFrom = (from: SocketState, to: SocketState): number =>
  (from.kernel?.sndQ ?? 0) + (to.kernel?.rcvQ ?? 0);

const queuedOn = (state: BenchState, socket: SocketState): Queued | null => {
  const { name, peer, kernel, condition } = socket;
  if (condition === 'SYN-SENT') return null;
  const twin = state.sockets.get(socket.twin);
  if (!twin) return peer && kernel ? { kind: 'peer', socket: name, peer, there: kernel.sndQ } : null;
  if (!kernel && !twin.kernel) return null;
  return {
    kind: 'twin',
    socket: name,
    twin: twin.name,
    there: queuedFrom(socket, twin),
    back: queuedFrom(twin, socket),
  };
};

/** What the kernel holds on the connections of these calls, each connection once; none where it does not tell. */
export const queuedOf = (state: BenchState, calls: readonly CallState[]): readonly Queued[] => {
  const told = new Set<string>();
  const found: Queued[] = [];
  for (const call of calls) {
    const socket = state.sockets.get(subjectOf(state, call));
    if (!socket || told.has(socket.name)) continue;
    told.add(socket.name).add(socket.twin);
    const queued = queuedOn(state, socket);
    if (queued) found.push(queued);
  }
  return found;
};

import type { Machine } from '../proc/machine.ts';
import type { Wait } from '../verdict/thread-waits.ts';
import { otherEnds } from './other-ends.ts';

/** Whether a process has a socket open itself. */
const isHeldBy = (machine: Machine, inode: number, pid: number): boolean =>
  machine.holders(inode).some(holder => holder.pid === pid);

/**
 * Sockets that tell what those at the other end of `self`'s are about: these ends, listeners that have yet to accept them, and what
 * a thread of theirs waits for. A server's thousand other clients are none of them.
 */
export const concerned = (machine: Machine, waits: readonly Wait[], self: number): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const { kind, inode } of machine.descriptors(self)) {
    if (kind === 'socket') for (const other of otherEnds(machine, inode)) found.add(other);
  }
  for (const { needs } of waits) {
    for (const { socket, other } of needs) {
      if (socket) found.add(socket.inode);
      if (other) found.add(other.inode);
    }
  }
  for (const inode of found) {
    if (isHeldBy(machine, inode, self) || !machine.socket(inode)?.ends) found.delete(inode);
  }
  return found;
};

import type { Machine } from '../proc/machine.ts';

/** The socket at the other end of one, or the listeners that have yet to accept it; none where it is not of this machine. */
export const otherEnds = (machine: Machine, inode: number): readonly number[] => {
  const peer = machine.peer(inode);
  switch (peer?.kind) {
    case 'socket':
      return [peer.inode];
    case 'queued':
      return peer.listeners;
    default:
      return [];
  }
};

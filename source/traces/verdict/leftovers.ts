import type { Machine } from '../proc/machine.ts';
import type { Waits } from './gather.ts';

/**
 * What lies about in a process, whoever waits.
 *
 * - `close-wait`: connections whose peer has closed, and that no thread reads or closes: `fds` have them
 * - `not-accepted`: `count` connections wait at a listener, and no thread of those who hold it is about to take one
 */
export type Leftover =
  | { readonly kind: 'close-wait'; readonly pid: number; readonly fds: readonly number[] }
  | {
      readonly kind: 'not-accepted';
      readonly pid: number;
      readonly fd: number;
      readonly local: string;
      readonly count: number;
    };

/** Sockets that some thread's call is about. */
const touchedIn = (waits: Waits): ReadonlySet<number> => {
  const inodes = new Set<number>();
  for (const { needs } of waits.values()) {
    for (const { socket } of needs) if (socket) inodes.add(socket.inode);
  }
  return inodes;
};

export const leftoversOf = (machine: Machine, waits: Waits, pids: readonly number[]): Leftover[] => {
  const touched = touchedIn(waits);
  const told = new Set<number>();
  return pids.flatMap(pid => {
    const closed: number[] = [];
    const found: Leftover[] = [];
    for (const { fd, kind, inode } of machine.descriptors(pid)) {
      if (kind !== 'socket' || told.has(inode) || touched.has(inode)) continue;
      told.add(inode);
      const state = machine.state(inode);
      if (state === 'CLOSE-WAIT') closed.push(fd);
      const socket = state === 'LISTEN' ? machine.socket(inode) : undefined;
      if (socket && socket.rcvQ > 0) {
        found.push({ kind: 'not-accepted', pid, fd, local: socket.local, count: socket.rcvQ });
      }
    }
    return closed.length > 0 ? [...found, { kind: 'close-wait', pid, fds: closed }] : found;
  });
};

import type { Machine } from '../proc/machine.ts';
import type { Wait } from '../verdict/thread-waits.ts';
import { otherEnds } from './other-ends.ts';

/** Whether a process has a socket open itself. */
const isHeldBy = (machine: Machine, inode: number, pid: number): boolean =>
  machine.holders(inode).some(holder => holder.pid === pid);

/** The sockets of waits that so many others end at most, both ends of each. */
const socketsOf = (waits: readonly Wait[], most: number): readonly number[] =>
  waits.flatMap(({ needs }) => {
    const others = new Set(needs.flatMap(({ other }) => other?.inode ?? []));
    if (others.size > most) return [];
    return needs.flatMap(({ socket, other }) => [socket, other].flatMap(end => end?.inode ?? []));
  });

/**
 * Sockets that tell what those at the other end of `self`'s are about: these ends, listeners that have yet to accept them, and what
 * a thread of theirs waits for. From there on a wait is followed that one other socket ends, as of a chain of proxies: who waits for
 * many is a server, or runs other programs, and its thousand other clients are none of them. Pipes and Unix sockets
 * lead to nobody: at a program's standard input is whoever started it.
 */
export const concerned = (machine: Machine, waits: readonly Wait[], self: number): ReadonlySet<number> => {
  const found = new Set<number>();
  const followed = new Set([self]);
  let next = machine
    .descriptors(self)
    .flatMap(({ kind, inode }) => (kind === 'socket' ? otherEnds(machine, inode) : []));
  for (let most = Number.POSITIVE_INFINITY; next.length > 0; most = 1) {
    const ends = next.filter(inode => machine.socket(inode)?.ends && !isHeldBy(machine, inode, self));
    for (const inode of ends) found.add(inode);
    const pids = new Set(ends.flatMap(inode => machine.holders(inode).map(({ pid }) => pid)));
    const own = waits.filter(({ thread: { pid } }) => pids.has(pid) && !followed.has(pid));
    for (const pid of pids) followed.add(pid);
    next = [...socketsOf(own, most)];
  }
  return found;
};

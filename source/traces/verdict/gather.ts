import { otherEnds } from '../looks/other-ends.ts';
import type { Machine } from '../proc/machine.ts';
import { type Wait, waitOf } from './thread-waits.ts';

/** The key of a thread among those of all processes. */
export type ThreadId = `${number}/${number}`;

export const threadId = ({ pid, tid }: { readonly pid: number; readonly tid: number }): ThreadId =>
  `${pid}/${tid}`;

/** The waits of every thread that was looked at, in the order in which their processes were come upon. */
export type Waits = ReadonlyMap<ThreadId, Wait>;

/** Standard input, output and error: whoever started the process, which may have made them of sockets (Node does). */
const lastStandard = 2;

/** Who has the other end of what a process holds, those that are shown beside it: to all that are known already. */
const addPeers = (machine: Machine, pid: number, known: Set<number>): void => {
  for (const { fd, kind, inode } of machine.descriptors(pid)) {
    if (kind !== 'socket' || fd <= lastStandard) continue;
    for (const other of otherEnds(machine, inode))
      for (const holder of machine.holders(other)) known.add(holder.pid);
  }
};

/** Whose threads decide whether this wait ends: those that may act at the other end, and those that share this one. */
const involved = (machine: Machine, { needs }: Wait): number[] =>
  needs.flatMap(({ by, socket }) => [
    ...by,
    ...(socket ? machine.holders(socket.inode).map(({ pid }) => pid) : []),
  ]);

/** These processes, and those at the other end of their sockets. */
export const withPeers = (machine: Machine, pids: readonly number[]): ReadonlySet<number> => {
  const all = new Set(pids);
  for (const pid of pids) addPeers(machine, pid, all);
  return all;
};

/** The waits of these processes, of whoever they wait for, and so on. */
export const gatherWaits = (machine: Machine, pids: ReadonlySet<number>): Waits => {
  const open = new Set(pids);
  const waits = new Map<ThreadId, Wait>();
  for (const pid of open) {
    for (const thread of machine.threads(pid)) {
      const wait = waitOf(machine, thread);
      waits.set(threadId(thread), wait);
      for (const other of involved(machine, wait)) open.add(other);
    }
  }
  return waits;
};

import type { ThreadCall } from '../proc/thread-call.ts';
import type { EpollTarget } from '../proc/wait-sets.ts';
import type { Moment, MomentOf } from './moments.ts';
import type { ThreadOwner } from './programs.ts';
import type { FoundSocket } from './traced-sockets.ts';

/** What the machine tells beside strace; each is asked only where strace does not say. */
export type BesideStrace = {
  readonly ownerOf: (tid: number) => ThreadOwner | null;
  readonly socketOf: (inode: number, pid: number) => FoundSocket | null;
  readonly callOf: (pid: number, tid: number) => ThreadCall | null;
  /** What an epoll waits for by now: through an io_uring, as Node has it, strace does not tell what is added. */
  readonly epollOf: (pid: number, fd: number) => readonly EpollTarget[];
};

/**
 * Asks what calls are in flight of which strace prints the rest at their end. A thread that is about to wait may run still: then it is
 * asked about again.
 */
export const createAsking = ({ callOf }: BesideStrace) => {
  const owed = new Map<number, MomentOf<'begin'>>();
  return {
    /** What the kernel says of the call that has begun so. */
    of: (moment: MomentOf<'begin'>, pid: number): ThreadCall | null => {
      const now = callOf(pid, moment.tid);
      if (now?.kind === 'running') owed.set(moment.tid, moment);
      return now;
    },
    isOwed: (): boolean => owed.size > 0,
    /** The thread is in another call, or in none. */
    forget: (tid: number): void => void owed.delete(tid),
    /** Beginnings that are to be told now, but for those that were only just found so. */
    again: (just: readonly Moment[]): readonly MomentOf<'begin'>[] => {
      const late = [...owed.values()].filter(moment => !just.includes(moment));
      for (const { tid } of late) owed.delete(tid);
      return late;
    },
  };
};

export type Asking = ReturnType<typeof createAsking>;

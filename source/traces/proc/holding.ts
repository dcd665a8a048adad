import { type Descriptor, descriptorOf, socketInode } from './descriptors.ts';
import { once } from './once.ts';
import type { Link, ProcFiles } from './proc-files.ts';

export type Holder = { readonly pid: number; readonly fd: number };

/**
 * Who has what open on a machine. `holders`: who has a socket open, in the order of pids; `closed`: those whose descriptors this user
 * may not see.
 */
export type Holding = {
  readonly holders: (inode: number) => readonly Holder[];
  readonly descriptors: (pid: number) => readonly Descriptor[];
  readonly descriptor: (pid: number, fd: number) => Descriptor | undefined;
  readonly closed: ReadonlySet<number>;
};

/** Folders are listed by number or by letter, 10 before 9: of one length all are in order. */
const inOrder = (links: readonly Link[]): Descriptor[] => {
  const byLength: Descriptor[][] = [];
  for (const { name, target } of links) {
    byLength[name.length] ??= [];
    byLength[name.length]!.push(descriptorOf(Number(name), target));
  }
  return byLength.flat();
};

const none: readonly Holder[] = [];

const byNumber = (a: Holder, b: Holder): number => a.pid - b.pid || a.fd - b.fd;

/** Of the thousands that a machine has open only sockets are noted, by their links' text; the rest is made of it when it is asked for. */
export const readHolding = (proc: ProcFiles, pids: readonly number[]): Holding => {
  const open = new Map<number, readonly Link[]>();
  const closed = new Set<number>();
  const holders = new Map<number, Holder[]>();
  for (const pid of pids) {
    const links = proc.links(`${pid}/fd`);
    if (!links.ok) {
      if (links.why === 'denied') closed.add(pid);
      continue;
    }
    open.set(pid, links.value);
    for (const { name, target } of links.value) {
      const inode = socketInode(target);
      if (inode === 0) continue;
      const list = holders.get(inode);
      if (list) list.push({ pid, fd: Number(name) });
      else holders.set(inode, [{ pid, fd: Number(name) }]);
    }
  }
  const descriptors = once((pid: number) => inOrder(open.get(pid) ?? []));
  const byFd = once((pid: number) => new Map(descriptors(pid).map(one => [one.fd, one])));
  return {
    holders: inode => {
      const list = holders.get(inode) ?? none;
      return list.length > 1 ? list.toSorted(byNumber) : list;
    },
    descriptors,
    descriptor: (pid, fd) => byFd(pid).get(fd),
    closed,
  };
};

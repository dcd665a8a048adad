import { readdirSync, readlinkSync } from 'node:fs';
import type { OwnFiles } from './socket-match.ts';

/** The inode in the text of a link in /proc/PID/fd, `socket:[4711]`; 0 for a file of another kind. Source: proc(5). */
export const socketInode = (link: string): number => Number(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? 0);

const linkInode = (fd: string | number): number => {
  try {
    return socketInode(readlinkSync(`/proc/self/fd/${fd}`));
  } catch {
    // Closed since it was listed.
    return 0;
  }
};

const listInodes = (): ReadonlySet<number> => {
  const inodes = new Set(readdirSync('/proc/self/fd').map(linkInode));
  inodes.delete(0);
  return inodes;
};

/**
 * This process's open files as of now; the list of all of them is made when first asked for. `fdOf` tells the file
 * descriptor of a socket by name, where somebody knows.
 */
export const ownFiles = (fdOf: (name: string) => number | undefined): OwnFiles => {
  let inodes: ReadonlySet<number> | null = null;
  return {
    inodeOf: name => {
      const fd = fdOf(name);
      return fd === undefined ? 0 : linkInode(fd);
    },
    inodes: () => {
      inodes ??= listInodes();
      return inodes;
    },
  };
};

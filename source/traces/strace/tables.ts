/** What an epoll waits for on one descriptor. */
export type Interest = { readonly reads: boolean; readonly writes: boolean };

/**
 * The descriptors of a process, as far as they are sockets or epolls; processes made with CLONE_FILES share one (clone(2)).
 *
 * - `sockets`: inodes; `closes`: descriptors that execve closes
 * - `epolls`: by descriptor, what was added to them
 */
export type Table = {
  readonly sockets: Map<number, number>;
  readonly closes: Set<number>;
  readonly epolls: Map<number, Map<number, Interest>>;
  /** How many processes have it. */
  users: number;
};

/** The tables of all processes, and by them who has a socket open. */
export type Tables = {
  readonly create: () => Table;
  /** For a new process that shares no files with its parent. */
  readonly copy: (table: Table) => Table;
  /** The descriptor leads to this socket from now on. */
  readonly set: (table: Table, fd: number, inode: number, closesOnExec: boolean) => void;
  readonly drop: (table: Table, fd: number) => void;
  /** A process has ended, or left the table to others (execve). */
  readonly leave: (table: Table) => void;
  readonly holdersOf: (inode: number) => readonly { readonly table: Table; readonly fd: number }[];
  /** Inodes whose holders have changed since this was last asked. */
  readonly changed: () => readonly number[];
};

export const createTables = (): Tables => {
  const holders = new Map<number, { readonly table: Table; readonly fd: number }[]>();
  let touched = new Set<number>();

  const forget = (table: Table, fd: number) => {
    const inode = table.sockets.get(fd);
    if (inode === undefined) return;
    table.sockets.delete(fd);
    touched.add(inode);
    const left = (holders.get(inode) ?? []).filter(one => one.table !== table || one.fd !== fd);
    if (left.length > 0) holders.set(inode, left);
    else holders.delete(inode);
  };

  const drop: Tables['drop'] = (table, fd) => {
    forget(table, fd);
    table.closes.delete(fd);
    table.epolls.delete(fd);
    for (const interests of table.epolls.values()) interests.delete(fd);
  };

  const set: Tables['set'] = (table, fd, inode, closesOnExec) => {
    if (closesOnExec) table.closes.add(fd);
    else table.closes.delete(fd);
    if (table.sockets.get(fd) === inode) return;
    forget(table, fd);
    table.sockets.set(fd, inode);
    touched.add(inode);
    holders.set(inode, [...(holders.get(inode) ?? []), { table, fd }]);
  };

  const create = (): Table => ({ sockets: new Map(), closes: new Set(), epolls: new Map(), users: 1 });

  return {
    create,
    set,
    drop,
    copy: table => {
      const made = create();
      for (const [fd, inode] of table.sockets) set(made, fd, inode, table.closes.has(fd));
      for (const fd of table.closes) made.closes.add(fd);
      for (const [fd, interests] of table.epolls) made.epolls.set(fd, new Map(interests));
      return made;
    },
    leave: table => {
      if (--table.users > 0) return;
      for (const fd of [...table.sockets.keys()]) drop(table, fd);
    },
    holdersOf: inode => holders.get(inode) ?? [],
    changed: () => {
      const inodes = [...touched];
      touched = new Set();
      return inodes;
    },
  };
};

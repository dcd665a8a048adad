import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { SeenSocket, ThreadKey } from '../../core/model/looks.ts';
import { descriptorName } from '../../core/model/names.ts';
import { type Holder, type ProcessId, threadName } from '../../core/model/process.ts';

/** A socket of processes as it is called here. */
export type NamedSocket = {
  readonly name: string;
  readonly actor: ProcessId;
  readonly holders: readonly Holder[];
  readonly peer: Endpoint | null;
};

/** Names for what looks find: p1, p2 … for processes, p1.4 for sockets, p1/4711 for threads. */
export type SeenNames = {
  /** The process's name, which is made where it has none. */
  readonly process: (pid: number) => ProcessId;
  readonly known: (pid: number) => ProcessId | undefined;
  readonly thread: (key: ThreadKey) => string;
  /** A socket with its newest holders, of those processes that have names; undefined where that is none of them. */
  readonly socket: (seen: SeenSocket) => NamedSocket | undefined;
  /** What a socket is called, '' for one that is not known. */
  readonly nameOf: (inode: number) => string;
  readonly socketOf: (inode: number) => NamedSocket | undefined;
  /** It is gone: its name may be another's. */
  readonly forget: (inode: number) => void;
  /** The process is gone, and what it alone had open. */
  readonly leave: (actor: ProcessId) => void;
};

/** Names of processes that were given before: by their pids, and how many; others are counted from there. */
export type GivenNames = { readonly given: (pid: number) => ProcessId | undefined; readonly from: number };

const noneGiven: GivenNames = { given: () => undefined, from: 0 };

/** `own`: sockets of the program that looks, by their inodes: they have names already. */
export const createSeenNames = (
  own: (inode: number) => string = () => '',
  { given, from }: GivenNames = noneGiven,
): SeenNames => {
  const processes = new Map<number, ProcessId>();
  const sockets = new Map<number, NamedSocket>();
  const taken = new Set<string>();
  let count = from;

  const process = (pid: number): ProcessId => {
    const known = processes.get(pid);
    if (known) return known;
    const actor = given(pid) ?? (`p${++count}` as const);
    processes.set(pid, actor);
    return actor;
  };

  const freeName = ({ actor, fd }: Holder): string => {
    for (let nth = 0; ; nth++) {
      const name = descriptorName(actor, fd, nth);
      if (!taken.has(name)) return name;
    }
  };

  const forget = (inode: number): void => {
    taken.delete(sockets.get(inode)?.name ?? '');
    sockets.delete(inode);
  };

  return {
    process,
    known: pid => processes.get(pid),
    thread: ({ pid, tid }) => threadName(process(pid), tid),
    socket: ({ inode, holders: seen, peer }) => {
      const holders = seen.flatMap(({ pid, fd }): Holder[] => {
        const actor = processes.get(pid);
        return actor ? [{ actor, fd }] : [];
      });
      const [first] = holders;
      if (!first || own(inode) !== '') return undefined;
      const { name, actor } = sockets.get(inode) ?? { name: freeName(first), actor: first.actor };
      const named = { name, actor, holders, peer };
      taken.add(name);
      sockets.set(inode, named);
      return named;
    },
    nameOf: inode => own(inode) || (sockets.get(inode)?.name ?? ''),
    socketOf: inode => sockets.get(inode),
    forget,
    leave: actor => {
      for (const [pid, name] of processes) if (name === actor) processes.delete(pid);
      for (const [inode, socket] of sockets) {
        const holders = socket.holders.filter(holder => holder.actor !== actor);
        if (holders.length === 0) forget(inode);
        else if (holders.length < socket.holders.length) sockets.set(inode, { ...socket, holders });
      }
    },
  };
};

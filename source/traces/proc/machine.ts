import type { SocketFacts } from '../../core/model/socket-facts.ts';
import type { Descriptor } from './descriptors.ts';
import { type Holder, type Holding, readHolding } from './holding.ts';
import { lazy, once } from './once.ts';
import { orElse, type ProcFiles, type Told } from './proc-files.ts';
import { type ProcessFacts, readProcess } from './process-reader.ts';
import { type KernelSocket, type Peer, readSocketWorld, type SocketWorld } from './socket-world.ts';
import type { Processor } from './system-calls.ts';
import { readThreads, type Thread } from './thread-reader.ts';
import { livingThread } from './through-threads.ts';

/**
 * One look at a machine: each part is read when it is first asked for, and then kept.
 *
 * - `pids`: all that are listed; `closed`: those whose descriptors this user may not see
 * - `holders`: who has a socket open, in the order of pids
 */
export type Machine = {
  readonly proc: ProcFiles;
  readonly facts: SocketFacts;
  readonly pids: readonly number[];
  readonly closed: ReadonlySet<number>;
  readonly holders: (inode: number) => readonly Holder[];
  /** The file of /proc; the number may be that of a thread. */
  readonly status: (pid: number) => Told<string>;
  readonly process: (pid: number) => ProcessFacts | null;
  readonly descriptors: (pid: number) => readonly Descriptor[];
  /** By its number, without a search: an epoll waits for thousands. */
  readonly descriptor: (pid: number, fd: number) => Descriptor | undefined;
  /** Whether it has an io_uring: its threads are many, and so may be its descriptors. */
  readonly hasRing: (pid: number) => boolean;
  readonly threads: (pid: number) => readonly Thread[];
  readonly hasChildren: (pid: number) => boolean;
  /** Who forked it. */
  readonly parent: (pid: number) => number;
  /** Whether a process whose descriptors cannot be seen stems from this one, and may have inherited them. */
  readonly hasHidden: (pid: number) => boolean;
  /** Whether descriptors are on their way through a Unix socket (unix(7), SCM_RIGHTS): nobody's for the moment. */
  readonly inFlight: () => boolean;
  /** The sockets of the network namespace that a process is in. */
  readonly world: (pid: number) => SocketWorld;
  /** Those of all namespaces that are seen. */
  readonly worlds: () => readonly SocketWorld[];
  readonly socket: (inode: number) => KernelSocket | undefined;
  /** Of a socket, where the rest of it is not asked for: it costs less. */
  readonly peer: (inode: number) => Peer | undefined;
  readonly state: (inode: number) => string | undefined;
};

/** The parent of a process: field 4 of /proc/PID/stat, behind a name that may hold anything (proc(5)). */
const readParent = (proc: ProcFiles, pid: number): number => {
  const stat = orElse(proc.read(`${pid}/stat`), '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
};

/** From whom any of these stems. */
const ancestorsOf = (parentOf: (pid: number) => number, pids: Iterable<number>): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const pid of pids)
    for (let at = parentOf(pid); at > 0 && !found.has(at); at = parentOf(at)) found.add(at);
  return found;
};

/** A Unix socket's fdinfo counts the descriptors that lie in its queue. */
const readInFlight = (proc: ProcFiles, pid: number, { descriptors }: Holding, world: SocketWorld): boolean =>
  descriptors(pid)
    .filter(({ kind, inode }) => kind === 'socket' && !world.isInternets(inode))
    .some(({ fd }) => /^scm_fds: [1-9]/m.test(orElse(proc.read(`${pid}/fdinfo/${fd}`), '')));

/**
 * A look from the process `self`, whose namespace is the one that the kernel's answers are about. Ports of /proc/net belong to
 * a namespace; a connection between two of them is found where only one socket has its addresses.
 */
export const lookAt = (proc: ProcFiles, facts: SocketFacts, processor: Processor, self: number): Machine => {
  const pids = orElse(proc.list('.'), [])
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const holding = readHolding(proc, pids);
  const { descriptors, descriptor, closed, holders } = holding;
  const status = once((pid: number) => proc.read(`${pid}/status`));
  const namespaceOf = once((pid: number) => orElse(proc.link(`${pid}/ns/net`), ''));
  const parentOf = once((pid: number) => readParent(proc, pid));
  const parents = lazy(() => new Set(pids.map(parentOf)));
  const withHidden = lazy(() => ancestorsOf(parentOf, closed));
  const namespaces = lazy(() => new Set(pids.map(namespaceOf)));
  const flights = lazy(() => pids.some(pid => readInFlight(proc, pid, holding, world(pid))));
  const memberOf = (namespace: string): number => pids.find(pid => namespaceOf(pid) === namespace) ?? self;

  const outside = (from: string, pair: string): number => {
    if (closed.size === pids.length) return 0;
    const found = [...namespaces()]
      .filter(one => one !== '' && one !== from)
      .map(one => worldOf(one).between(pair))
      .filter(inode => inode !== 0);
    return found.length === 1 ? found[0]! : 0;
  };
  const worldOf = once((namespace: string): SocketWorld => {
    const own = namespace === '' || namespace === namespaceOf(self);
    return readSocketWorld(proc, own ? self : memberOf(namespace), own ? facts : null, pair =>
      outside(namespace, pair),
    );
  });
  const world = once((pid: number): SocketWorld => worldOf(namespaceOf(pid) || namespaceOf(self)));

  const worldWith = (inode: number): SocketWorld => world(holders(inode)[0]?.pid ?? self);

  const timesOf: SocketFacts['timesOf'] = (pid, fd) => {
    const times = facts.timesOf(pid, fd);
    if (times) return times;
    const tid = livingThread(proc, pid);
    return tid === pid ? null : facts.timesOf(tid, fd);
  };

  return {
    proc,
    facts: { ...facts, timesOf },
    pids,
    closed,
    holders,
    status,
    process: once(pid => readProcess(proc, pid, status(pid))),
    descriptors,
    descriptor,
    hasRing: once(pid => descriptors(pid).some(({ kind }) => kind === 'ring')),
    threads: once(pid => readThreads(proc, pid, processor) ?? []),
    hasChildren: pid => parents().has(pid),
    parent: parentOf,
    hasHidden: pid => withHidden().has(pid),
    inFlight: flights,
    world,
    worlds: () => [...new Set([self, ...pids].map(namespaceOf))].filter(one => one !== '').map(worldOf),
    socket: inode => worldWith(inode).socketOf(inode),
    peer: inode => worldWith(inode).peerOf(inode),
    state: inode => worldWith(inode).stateOf(inode),
  };
};

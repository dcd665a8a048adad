import type { Draft } from '../../core/model/entry.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { Told } from './seen-deadlock.ts';
import { createSeenNames, type SeenNames } from './seen-names.ts';

export type TellerOptions = {
  readonly entry: (draft: Draft) => void;
  /** Ids of calls are one series, whoever makes them. */
  readonly nextId: () => number;
  /** ms since 1970 of t = 0, and ms since then. */
  readonly began: number;
  readonly now: () => number;
  /** What a socket of this program itself is called, by its inode; '' for others. */
  readonly own?: (inode: number) => string;
  readonly traced?: Traced;
  /** What processes and their sockets are called; names of its own, where nothing is said. */
  readonly names?: SeenNames;
  /** Whether a process was started for this session. */
  readonly isStarted?: (pid: number) => boolean;
  /** The process that keeps the journal: it is told of by its own entries. */
  readonly self?: number;
  /** They are looked at for the bench's own sockets' sake. */
  readonly aside?: boolean;
};

/**
 * Processes whose calls strace tells one by one, and that are named and told of by whoever hears it. Looks add what they wait
 * for, their queues, their threads and deadlocks.
 */
export type Traced = {
  readonly names: SeenNames;
  readonly told: Told;
  readonly actors: ReadonlySet<ProcessId>;
  /** Those that were among them: looks are to go on with them, which takes them out of here. */
  readonly left: ProcessId[];
};

/** What all that looks have seen is told with. */
export type Telling = TellerOptions & {
  readonly names: SeenNames;
  readonly told: Told;
  /** ms since t = 0 of ms since 1970. */
  readonly since: (at: number) => number;
  readonly isTraced: (thread: { readonly pid: number }) => boolean;
  readonly isTracedSocket: (inode: number) => boolean;
  /** Of an entry. */
  readonly mark: { readonly aside?: true };
};

export const tellingOf = (options: TellerOptions): Telling => {
  const { traced, own, began } = options;
  const names = traced?.names ?? options.names ?? createSeenNames(own);
  const told: Told = traced?.told ?? { calls: new Map(), queues: new Map(), processes: new Map() };
  const isActorTraced = (actor: ProcessId | undefined): boolean =>
    actor !== undefined && (traced?.actors.has(actor) ?? false);
  return {
    ...options,
    names,
    told,
    since: at => Math.max(0, at - began),
    isTraced: ({ pid }) => isActorTraced(names.known(pid)),
    isTracedSocket: inode => isActorTraced(names.socketOf(inode)?.actor),
    mark: options.aside ? { aside: true } : {},
  };
};

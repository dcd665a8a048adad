import type { ProcessId } from '../../core/model/process.ts';
import type { Step } from './steps.ts';
import type { Table, Tables } from './tables.ts';

export type TracedProcess = {
  readonly pid: number;
  readonly actor: ProcessId;
  table: Table;
  readonly threads: Set<number>;
  /** How its first thread ended; null while it lives. */
  ended: { readonly code: number | null; readonly signal: string } | null;
};

/** A call that is in flight, as it was told. */
export type InFlight = {
  readonly id: number;
  readonly call: Extract<Step, { kind: 'begin' }>['call'];
  readonly began: number;
};

export type TracedThread = {
  readonly tid: number;
  process: TracedProcess;
  open: InFlight | null;
  /** Flags of a fork or clone that it is in; null: in none. */
  cloning: readonly string[] | null;
};

/** Whose thread this is, and whose child its process, as the machine tells it. */
export type ThreadOwner = { readonly pid: number; readonly parent: number };

/** The traced processes and their threads, as clone, execve and their ends make and unmake them. */
export type Programs = {
  /** Whose moments will come: started here, or found running. */
  readonly add: (pid: number, origin: 'started' | 'found', at: number) => TracedProcess;
  /** The thread, which may not have been told of before. */
  readonly threadOf: (tid: number, at: number) => TracedThread;
  /** What fork or clone has made. */
  readonly born: (tid: number, parent: TracedThread, flags: readonly string[], at: number) => void;
  readonly left: (tid: number, at: number, code: number | null, signal: string) => void;
  /** Processes that have this table. */
  readonly havingTable: (table: Table) => readonly TracedProcess[];
};

type Tell = (step: Step) => void;

type NewProcess = Pick<TracedProcess, 'pid' | 'table'> & {
  readonly parent: ProcessId | '';
  readonly origin: 'started' | 'found' | 'forked';
  readonly at: number;
};

class ProgramTable implements Programs {
  private readonly tables: Tables;
  private readonly ownerOf: (tid: number) => ThreadOwner | null;
  private readonly nameOf: (pid: number) => ProcessId;
  private readonly tell: Tell;
  private readonly processes = new Map<number, TracedProcess>();
  private readonly threads = new Map<number, TracedThread>();
  /** Heard of before the clone that makes them has ended, which some do not live to see. */
  private readonly early = new Set<number>();

  constructor(
    tables: Tables,
    ownerOf: (tid: number) => ThreadOwner | null,
    nameOf: (pid: number) => ProcessId,
    tell: Tell,
  ) {
    this.tables = tables;
    this.ownerOf = ownerOf;
    this.nameOf = nameOf;
    this.tell = tell;
  }

  add(pid: number, origin: 'started' | 'found', at: number): TracedProcess {
    return (
      this.processes.get(pid) ?? this.known({ pid, table: this.tables.create(), parent: '', origin, at })
    );
  }

  threadOf(tid: number, at: number): TracedThread {
    return this.threads.get(tid) ?? this.adopt(tid, at);
  }

  born(tid: number, parent: TracedThread, flags: readonly string[], at: number): void {
    if (!this.early.delete(tid) && !this.threads.has(tid)) this.make(tid, parent.process, flags, at);
  }

  left(tid: number, at: number, code: number | null, signal: string): void {
    const process = this.threads.get(tid)?.process;
    this.threads.delete(tid);
    if (!process) return;
    process.threads.delete(tid);
    if (tid === process.pid) process.ended = { code, signal };
    if (process.threads.size > 0) return;
    this.processes.delete(process.pid);
    this.tell({ kind: 'gone', at, actor: process.actor, ...(process.ended ?? { code, signal }) });
    this.tables.leave(process.table);
  }

  havingTable(table: Table): readonly TracedProcess[] {
    return [...this.processes.values()].filter(process => process.table === table);
  }

  private known({ pid, table, parent, origin, at }: NewProcess): TracedProcess {
    const actor = this.nameOf(pid);
    const process: TracedProcess = { pid, actor, table, threads: new Set(), ended: null };
    this.processes.set(pid, process);
    this.tell({ kind: 'process', at, actor, pid, parent, origin });
    return process;
  }

  private join(tid: number, process: TracedProcess): TracedThread {
    const thread: TracedThread = { tid, process, open: null, cloning: null };
    this.threads.set(tid, thread);
    process.threads.add(tid);
    return thread;
  }

  private fork(tid: number, parent: TracedProcess, sharesFiles: boolean, at: number): TracedThread {
    if (sharesFiles) parent.table.users++;
    const table = sharesFiles ? parent.table : this.tables.copy(parent.table);
    return this.join(tid, this.known({ pid: tid, table, parent: parent.actor, origin: 'forked', at }));
  }

  private make(tid: number, parent: TracedProcess, flags: readonly string[], at: number): TracedThread {
    if (flags.includes('CLONE_THREAD')) return this.join(tid, parent);
    return this.fork(tid, parent, flags.includes('CLONE_FILES'), at);
  }

  /** Takes in a thread that nothing was told of before. */
  private adopt(tid: number, at: number): TracedThread {
    const own = this.processes.get(tid);
    if (own) return this.join(tid, own);
    this.early.add(tid);
    const cloning = [...this.threads.values()].filter(thread => thread.cloning !== null);
    const [parent] = cloning;
    if (parent && cloning.length === 1) return this.make(tid, parent.process, parent.cloning!, at);
    const owner = this.ownerOf(tid);
    const process = owner && this.processes.get(owner.pid);
    if (process) return this.join(tid, process);
    const forked = (owner && this.processes.get(owner.parent)) ?? parent?.process;
    return forked ? this.fork(tid, forked, false, at) : this.join(tid, this.add(tid, 'found', at));
  }
}

export const createPrograms = (
  tables: Tables,
  ownerOf: (tid: number) => ThreadOwner | null,
  nameOf: (pid: number) => ProcessId,
  tell: Tell,
): Programs => new ProgramTable(tables, ownerOf, nameOf, tell);

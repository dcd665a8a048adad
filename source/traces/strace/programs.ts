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

export const createPrograms = (
  tables: Tables,
  ownerOf: (tid: number) => ThreadOwner | null,
  nameOf: (pid: number) => ProcessId,
  tell: Tell,
): Programs => {
  const processes = new Map<number, TracedProcess>();
  const threads = new Map<number, TracedThread>();

  const known = (
    pid: number,
    table: Table,
    parent: ProcessId | '',
    origin: 'started' | 'found' | 'forked',
    at: number,
  ): TracedProcess => {
    const actor = nameOf(pid);
    const process: TracedProcess = { pid, actor, table, threads: new Set(), ended: null };
    processes.set(pid, process);
    tell({ kind: 'process', at, actor, pid, parent, origin });
    return process;
  };

  const join = (tid: number, process: TracedProcess): TracedThread => {
    const thread: TracedThread = { tid, process, open: null, cloning: null };
    threads.set(tid, thread);
    process.threads.add(tid);
    return thread;
  };

  const add: Programs['add'] = (pid, origin, at) =>
    processes.get(pid) ?? known(pid, tables.create(), '', origin, at);

  const fork = (tid: number, parent: TracedProcess, sharesFiles: boolean, at: number): TracedThread => {
    if (sharesFiles) parent.table.users++;
    const table = sharesFiles ? parent.table : tables.copy(parent.table);
    return join(tid, known(tid, table, parent.actor, 'forked', at));
  };

  const make = (tid: number, parent: TracedProcess, flags: readonly string[], at: number): TracedThread =>
    flags.includes('CLONE_THREAD') ? join(tid, parent) : fork(tid, parent, flags.includes('CLONE_FILES'), at);

  /** Heard of before the clone that makes them has ended, which some do not live to see. */
  const early = new Set<number>();

  const adopt = (tid: number, at: number): TracedThread => {
    const own = processes.get(tid);
    if (own) return join(tid, own);
    early.add(tid);
    const cloning = [...threads.values()].filter(thread => thread.cloning !== null);
    const [parent] = cloning;
    if (parent && cloning.length === 1) return make(tid, parent.process, parent.cloning!, at);
    const owner = ownerOf(tid);
    const process = owner && processes.get(owner.pid);
    if (process) return join(tid, process);
    const forked = (owner && processes.get(owner.parent)) ?? parent?.process;
    return forked ? fork(tid, forked, false, at) : join(tid, add(tid, 'found', at));
  };

  return {
    add,
    threadOf: (tid, at) => threads.get(tid) ?? adopt(tid, at),
    born: (tid, parent, flags, at) => {
      if (!early.delete(tid) && !threads.has(tid)) make(tid, parent.process, flags, at);
    },
    left: (tid, at, code, signal) => {
      const process = threads.get(tid)?.process;
      threads.delete(tid);
      if (!process) return;
      process.threads.delete(tid);
      if (tid === process.pid) process.ended = { code, signal };
      if (process.threads.size > 0) return;
      processes.delete(process.pid);
      tell({ kind: 'gone', at, actor: process.actor, ...(process.ended ?? { code, signal }) });
      tables.leave(process.table);
    },
    havingTable: table => [...processes.values()].filter(process => process.table === table),
  };
};

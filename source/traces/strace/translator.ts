import type { Want } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Holder } from '../../core/model/process.ts';
import type { ThreadCall } from '../proc/thread-call.ts';
import { type BesideStrace, createAsking } from './beside.ts';
import { withoutBrief } from './brief.ts';
import { descriptorCalls, inodeIn } from './descriptor-calls.ts';
import { flagsOfClone, forks } from './forks.ts';
import { createMakers } from './makers.ts';
import type { Moment, MomentOf, Result } from './moments.ts';
import { pollCalls } from './poll-calls.ts';
import { createPrograms, type TracedProcess, type TracedThread } from './programs.ts';
import { changeSocket, withAddresses } from './socket-changes.ts';
import type { Step, TracedSocket } from './steps.ts';
import { createTables } from './tables.ts';
import { plainOutcome, type ReadCalls, type Reading, type ToldCall } from './told-call.ts';
import { socketCalls } from './traced-socket-calls.ts';
import { createSockets, type TraceNames } from './traced-sockets.ts';
import { transferCalls } from './transfer-calls.ts';
import { descriptorsIn, numberIn, parseValue, type Value } from './value.ts';

const readCalls: ReadCalls = { ...socketCalls, ...transferCalls, ...pollCalls };

/** From what strace tells of threads to what happened to programs and their sockets. */
export type Translator = {
  /** Before anything is told of it. */
  readonly add: (pid: number, origin: 'started' | 'found', at: number) => void;
  readonly take: (moments: readonly Moment[]) => Step[];
  /** Of a call in flight more will be known in a moment: `take` is to be asked again. */
  readonly owes: () => boolean;
};

/** Standard input, output and error. */
const lastStandard = 2;

const running: ThreadCall = { kind: 'running' };

export const createTranslator = (beside: BesideStrace, names: TraceNames): Translator => {
  let steps: Step[] = [];
  const tell = (step: Step) => {
    steps.push(step);
  };
  const tables = createTables();
  const sockets = createSockets(names);
  const programs = createPrograms(tables, beside.ownerOf, names.process, tell);
  const asking = createAsking(beside);
  /** Sockets of other families: nothing is told of them. */
  const untold = new Set<number>();

  const holdersOf = (inode: number) =>
    tables
      .holdersOf(inode)
      .flatMap(({ table, fd }) => programs.havingTable(table).map(({ actor, pid }) => ({ actor, pid, fd })));

  /** Tells of sockets whose holders have changed; those that nobody has any more only where `ends` does not tell of it. */
  const settle = (at: number, ends = false) => {
    for (const inode of tables.changed()) {
      const holding = holdersOf(inode);
      const socket = sockets.of(inode);
      if (holding.length === 0) untold.delete(inode);
      if (!socket) continue;
      if (holding.length > 0) names.socket(inode, holding);
      const holders = holding.map(({ actor, fd }): Holder => ({ actor, fd }));
      if (holders.length > 0 || !ends) tell({ kind: 'socket', at, socket: { ...socket }, holders });
      if (holders.length === 0) sockets.forget(inode);
    }
  };

  const find = (inode: number, { pid, actor }: TracedProcess, fd: number) => {
    if (sockets.of(inode) || untold.has(inode)) return;
    const found = beside.socketOf(inode, pid);
    // Whoever started the process may have made these of Unix sockets, as Node does.
    const isStandard = found?.family === 'AF_UNIX' && fd <= lastStandard;
    if (found && !isStandard) sockets.make({ ...found, actor, inode, fd, pid, listener: '' });
    else untold.add(inode);
  };

  /** Any descriptor that strace names may lead to a socket that came by inheritance, or through a Unix socket. */
  const learn = (process: TracedProcess, values: readonly Value[]) => {
    const { table } = process;
    for (const { fd, target } of values.flatMap(descriptorsIn)) {
      const inode = inodeIn(target);
      if (inode === null) {
        if (table.sockets.has(fd)) tables.drop(table, fd);
        continue;
      }
      tables.set(table, fd, inode, table.closes.has(fd));
      find(inode, process, fd);
    }
  };

  const socketAt = ({ table }: TracedProcess, fd: number | null): TracedSocket | undefined => {
    const inode = fd === null ? undefined : table.sockets.get(fd);
    return inode === undefined ? undefined : sockets.of(inode);
  };

  const { madeBy, makePair } = createMakers({ beside, tables, sockets, socketAt });

  const nameOf = (process: TracedProcess, fd: number): string => socketAt(process, fd)?.name ?? `fd${fd}`;

  const readingOf = (
    { process }: TracedThread,
    values: readonly Value[],
    inFlight: Reading['inFlight'] = () => running,
  ): Reading => ({
    actor: process.actor,
    values,
    socket: value => socketAt(process, numberIn(value)),
    nameOf: value => nameOf(process, numberIn(value) ?? -1),
    epoll: (value): Want[] => {
      const epoll = numberIn(value) ?? -1;
      const added = [...(process.table.epolls.get(epoll) ?? [])].map(([fd, interest]) => ({
        fd,
        ...interest,
      }));
      const targets = added.length > 0 ? added : beside.epollOf(process.pid, epoll);
      return targets.map(({ fd, reads, writes }) => ({ on: nameOf(process, fd), reads, writes }));
    },
    inFlight,
  });

  const about = ({ process: { actor }, tid }: TracedThread) =>
    ({ actor, thread: `${actor}/${tid}` }) as const;

  const begin = (moment: MomentOf<'begin'>) => {
    const { tid, at, call, texts } = moment;
    const thread = programs.threadOf(tid, at);
    if (forks.has(call)) thread.cloning = flagsOfClone(texts);
    learn(thread.process, texts.map(parseValue));
    settle(at);
    if (call !== 'close') beginCall(moment);
  };

  const beginCall = (moment: MomentOf<'begin'>) => {
    const { tid, at, call, texts } = moment;
    const thread = programs.threadOf(tid, at);
    const inFlight = () => asking.of(moment, thread.process.pid);
    const told = readCalls[call]?.(readingOf(thread, texts.map(parseValue), inFlight));
    if (!told) return;
    const id = names.nextId();
    thread.open = { id, call: told.call, began: at };
    const deadline = told.limit === null ? null : at + told.limit;
    tell({ kind: 'begin', at, id, ...about(thread), call: told.call, deadline });
  };

  const outcomeOf = (
    thread: TracedThread,
    told: ToldCall,
    values: readonly Value[],
    result: Result,
  ): Outcome => {
    const made = madeBy(thread, told, values, result);
    if (made) {
      const { name, local, peer } = made;
      return { kind: 'made', name, ...(local && { local }), ...(peer && { peer }) };
    }
    const outcome = told.outcome(result);
    const on = socketAt(thread.process, numberIn(values[0]));
    if (!on || told.call.on !== on.name) return outcome;
    changeSocket(on, told.call, outcome, () => beside.socketOf(on.inode, thread.process.pid));
    return withAddresses(told.call, outcome, on);
  };

  /** Others may have the socket still: closing one of its descriptors then ends nothing. */
  const isLast = ({ process: { table } }: TracedThread, values: readonly Value[]): boolean =>
    tables.holdersOf(table.sockets.get(numberIn(values[0]) ?? -1) ?? 0).length === 1;

  const executed = (thread: TracedThread, at: number) => {
    const { process } = thread;
    if (process.table.users > 1) {
      const own = tables.copy(process.table);
      tables.leave(process.table);
      process.table = own;
    }
    for (const fd of [...process.table.closes]) tables.drop(process.table, fd);
    tell({ kind: 'process', at, actor: process.actor, pid: process.pid, parent: '', origin: 'executed' });
    settle(at);
  };

  const told = (
    thread: TracedThread,
    { at, call, texts, result, began }: MomentOf<'end'>,
    values: readonly Value[],
  ) => {
    const read = readCalls[call]?.(readingOf(thread, values)) ?? null;
    const { open } = thread;
    thread.open = null;
    const whole = read ?? (open && { call: open.call, limit: null, outcome: plainOutcome });
    if (!whole || texts.length === 0 || (call === 'close' && !isLast(thread, values))) return;
    const outcome = outcomeOf(thread, whole, values, result);
    const id = open?.id ?? names.nextId();
    tell({ kind: 'end', at, id, ...about(thread), call: whole.call, began, outcome, seen: open !== null });
  };

  const end = (moment: MomentOf<'end'>) => {
    const { tid, at, call, texts, result } = moment;
    const thread = programs.threadOf(tid, at);
    const { process } = thread;
    const isWell = result.error === '' && result.value !== null;
    if (forks.has(call)) {
      thread.cloning = null;
      if (isWell && result.value! > 0) programs.born(result.value!, thread, flagsOfClone(texts), at);
      return settle(at);
    }
    if (call === 'execve') return isWell ? executed(thread, at) : undefined;
    const values = texts.map(parseValue);
    if (call === 'socketpair' && isWell) makePair(thread, values);
    learn(process, values);
    settle(at);
    told(thread, moment, values);
    const closed = call === 'close' ? process.table.sockets.get(numberIn(values[0]) ?? -1) : undefined;
    if (isWell) descriptorCalls[call]?.(tables, process.table, values, result);
    if (closed !== undefined && tables.holdersOf(closed).length === 0) sockets.forget(closed);
    if (isWell && result.target !== '') {
      learn(process, [{ kind: 'descriptor', fd: result.value!, target: result.target }]);
    }
    settle(at);
  };

  const cut = (tid: number, at: number) => {
    const thread = programs.threadOf(tid, at);
    const { open } = thread;
    thread.open = null;
    if (!open) return;
    const { id, call, began } = open;
    tell({ kind: 'end', at, id, ...about(thread), call, began, outcome: { kind: 'unseen' }, seen: true });
  };

  const take = (moment: Moment) => {
    const { tid, at } = moment;
    switch (moment.kind) {
      case 'begin':
        asking.forget(tid);
        return begin(moment);
      case 'end':
        asking.forget(tid);
        return end(moment);
      case 'cut':
        asking.forget(tid);
        return cut(tid, at);
      case 'interrupted':
      case 'again':
        return;
      case 'signal':
      case 'stopped':
        return tell({ kind: moment.kind, at, ...about(programs.threadOf(tid, at)), signal: moment.signal });
      case 'exit':
        asking.forget(tid);
        programs.left(tid, at, moment.code, moment.signal);
        settle(at, true);
        return;
      case 'superseded':
        asking.forget(tid);
        asking.forget(moment.by);
        programs.left(moment.by, at, null, '');
        return settle(at, true);
    }
  };

  return {
    add: (pid, origin, at) => void programs.add(pid, origin, at),
    owes: asking.isOwed,
    take: moments => {
      for (const moment of withoutBrief(moments)) take(moment);
      for (const moment of asking.again(moments)) beginCall(moment);
      const told = steps;
      steps = [];
      return told;
    },
  };
};

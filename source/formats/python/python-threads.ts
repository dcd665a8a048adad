import { hasIn } from '../../core/calls/calls.ts';
import { holderOfThread, type ThreadKind, threadKind } from '../../core/model/threads.ts';
import { t } from '../../core/words/translate.ts';
import { fileSockets, type PlannedCall, wasInterrupted } from '../projection/call-plan.ts';

/** A function of the generated code: the calls of one thread. */
export type PythonThread = {
  readonly name: string;
  /** What the function's docstring says. */
  readonly title: string;
  readonly calls: readonly PlannedCall[];
};

/**
 * Threads that share sockets. `main` is the one whose calls a SIGINT can interrupt: CPython raises KeyboardInterrupt in
 * a process's main thread only.
 */
export type PythonProcess = { readonly main: PythonThread; readonly others: readonly PythonThread[] };

export type PythonThreads = {
  /** Threads of the one process, or what is left beside `processes`. */
  readonly threads: readonly PythonThread[];
  /** Where a call was interrupted: each in a process of its own. */
  readonly processes: readonly PythonProcess[];
};

/** The socket a call is made on, by way of its file object; or the one that socket() makes. '' for none. */
export const socketOf = ({ call, outcome }: PlannedCall, files: ReadonlyMap<string, string>): string => {
  if (hasIn(call, 'returns', 'socket')) return outcome?.kind === 'made' ? outcome.name : (call.as ?? '');
  return files.get(call.on) ?? call.on;
};

const suffixes: Readonly<Record<ThreadKind, string>> = {
  reader: '_reader',
  writer: '_writer',
  own: '_thread',
  one: '',
  process: '_thread',
};

/** A process's threads are told apart by their numbers. */
const pythonName = (thread: string): string => {
  const kind = threadKind(thread);
  if (kind === 'process') return `${thread.replace('/', '_')}${suffixes[kind]}`;
  return holderOfThread(thread).replaceAll('-', '_') + suffixes[kind];
};

const titleOf = (thread: string): string => {
  const holder = holderOfThread(thread);
  switch (threadKind(thread)) {
    case 'reader':
      return `What waits on ${holder}: connect, accept and receives.`;
    case 'writer':
      return `What is sent on ${holder}.`;
    case 'own':
      return `The thread of ${holder}.`;
    case 'process':
      return `What ${thread} does.`;
    case 'one':
      return `The one thread of the ${holder}.`;
  }
};

/** Sockets that must be in one process, since a thread or an accept joins them: each by a common representative. */
const joined = (calls: readonly PlannedCall[], files: ReadonlyMap<string, string>) => {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    const parent = parents.get(name) ?? name;
    return parent === name ? name : root(parent);
  };
  const join = (a: string, b: string) => {
    if (a !== '' && b !== '') parents.set(root(a), root(b));
  };
  for (const planned of calls) {
    const socket = socketOf(planned, files);
    if (planned.thread !== '') join(`thread ${planned.thread}`, socket);
    if (hasIn(planned.call, 'returns', 'connection') && planned.outcome?.kind === 'made')
      join(socket, planned.outcome.name);
  }
  return root;
};

type Group = { readonly sockets: Set<string>; readonly calls: PlannedCall[] };

const groupsOf = (calls: readonly PlannedCall[]): Map<string, Group> => {
  const files = fileSockets(calls);
  const root = joined(calls, files);
  const groups = new Map<string, Group>();
  for (const planned of calls) {
    const socket = socketOf(planned, files);
    const key = socket === '' ? '' : root(socket);
    const group = groups.get(key) ?? { sockets: new Set(), calls: [] };
    groups.set(key, group);
    group.calls.push(planned);
    if (socket !== '') group.sockets.add(socket);
  }
  return groups;
};

const threadsOf = (calls: readonly PlannedCall[]): PythonThread[] =>
  [...Map.groupBy(calls, ({ thread }) => thread)]
    .filter(([thread]) => thread !== '')
    .map(([thread, own]) => ({ name: pythonName(thread), title: titleOf(thread), calls: own }));

const atOnce = (calls: readonly PlannedCall[], owner: string): PythonThread[] => {
  const own = calls.filter(({ thread }) => thread === '');
  const name = owner === '' ? 'at_once' : `${owner}_at_once`;
  return own.length === 0
    ? []
    : [{ name, title: 'What acts at once and never waits for a thread.', calls: own }];
};

/** An actor's own name where all its sockets are in the group, else the first socket's. */
const ownerOf = (group: Group, groups: ReadonlyMap<string, Group>): string => {
  const [first = ''] = group.sockets;
  const actor = group.calls.find(call => call.actor !== '')?.actor;
  const rivals = [...groups.values()].filter(({ calls }) => calls.some(call => call.actor === actor));
  return actor && rivals.length === 1 ? actor.replaceAll('-', '_') : first;
};

const processOf = (group: Group, owner: string): PythonProcess | string => {
  const interrupted = new Set(group.calls.filter(wasInterrupted).map(({ thread }) => thread));
  const [victim, second] = interrupted;
  if (second !== undefined)
    return t`calls of two threads that share sockets were interrupted (${pythonName(victim!)} and ${pythonName(second)}), and CPython interrupts a process's main thread only; a lab can do the same`;
  const threads = [...threadsOf(group.calls), ...atOnce(group.calls, owner)];
  const main = threads.find(({ name }) => victim !== undefined && name === pythonName(victim)) ?? threads[0]!;
  return { main, others: threads.filter(thread => thread !== main) };
};

/** Which functions the code has and which of them share a process; or why CPython cannot do what the session did. */
export const arrangeThreads = (calls: readonly PlannedCall[]): PythonThreads | string => {
  if (!calls.some(wasInterrupted))
    return { threads: [...threadsOf(calls), ...atOnce(calls, '')], processes: [] };
  const groups = groupsOf(calls);
  const processes: PythonProcess[] = [];
  for (const [key, group] of groups) {
    if (key === '') continue;
    const process = processOf(group, ownerOf(group, groups));
    if (typeof process === 'string') return process;
    processes.push(process);
  }
  return { threads: atOnce(groups.get('')?.calls ?? [], ''), processes };
};

import type { GoneEntry, ProcessEntry, SocketEntry, ThreadsEntry, WaitsEntry } from '../model/entry.ts';
import { type ProcessId, processOfThread } from '../model/process.ts';
import type { SocketState } from '../model/state.ts';
import type { Mutable, StateDraft } from './draft.ts';
import { foldBound, pair } from './fold-pairs.ts';
import { closeSocket, further, newSocket, openSocket } from './fold-sockets.ts';

/** Processes that have ended and stay known, so that their panes can still be read. */
const keptEnded = 50;

export const foldProcess = (draft: StateDraft, entry: ProcessEntry): void => {
  const { actor, pid, name, args, origin, traced, aside, t } = entry;
  const known = draft.state.processes.get(actor);
  const threads = known?.threads ?? [];
  // Another program in it leaves it whose child it is (execve(2)).
  const parent = entry.parent || (known?.parent ?? '');
  const process = { actor, pid, name, args, parent, origin, traced, since: t, threads, ended: null };
  draft.processes().set(actor, aside ? { ...process, aside } : process);
};

/** Whom a socket is left to by a process that is no more; it goes with the last one who has it open. */
const leave = (draft: StateDraft, name: string, actor: ProcessId, n: number): void => {
  const socket = draft.socket(name)!;
  socket.holders = socket.holders.filter(holder => holder.actor !== actor);
  if (socket.holders.length === 0) closeSocket(draft, socket, n, false);
};

const forgetEnded = (draft: StateDraft): void => {
  const ended = [...draft.state.processes.values()].filter(process => process.ended !== null);
  for (const { actor } of ended.slice(0, Math.max(0, ended.length - keptEnded)))
    draft.processes().delete(actor);
};

/** A process is no more: its threads, its calls in flight and what it alone had open go with it. */
export const foldProcessGone = (draft: StateDraft, { actor, code, signal, t, n }: GoneEntry): void => {
  const process = draft.state.processes.get(actor);
  if (!process) return;
  draft.processes().set(actor, { ...process, threads: [], ended: { at: t, code, signal } });
  for (const call of draft.state.calls.values()) if (call.actor === actor) draft.calls().delete(call.id);
  for (const { name, closed, holders } of draft.state.sockets.values()) {
    if (!closed && holders.some(holder => holder.actor === actor)) leave(draft, name, actor, n);
  }
  forgetEnded(draft);
};

export const foldThreads = (draft: StateDraft, { threads, over }: ThreadsEntry): void => {
  const changed = new Map(
    [...over, ...threads.map(({ thread }) => thread)].map(name => [name, processOfThread(name)]),
  );
  for (const actor of new Set(changed.values())) {
    const process = actor === '' ? undefined : draft.state.processes.get(actor);
    if (!process || process.ended) continue;
    const left = process.threads.filter(({ thread }) => !over.includes(thread));
    const byName = new Map(left.map(thread => [thread.thread, thread]));
    for (const thread of threads) if (changed.get(thread.thread) === actor) byName.set(thread.thread, thread);
    draft.processes().set(process.actor, { ...process, threads: [...byName.values()] });
  }
};

/** One socket an inode: what calls told of it before a look found it is kept. */
const knownAs = (draft: StateDraft, { name, inode }: SocketEntry): Mutable<SocketState> | undefined => {
  const known = draft.peek(name);
  const same = known && !known.closed && (known.inode === 0 || known.inode === inode);
  return same ? draft.socket(name) : undefined;
};

export const foldSocket = (draft: StateDraft, entry: SocketEntry): void => {
  const { name, inode, condition, local, peer, listener, holders, n } = entry;
  const known = knownAs(draft, entry);
  if (holders.length === 0) {
    if (known) closeSocket(draft, known, n, false);
    return;
  }
  const socket = known ?? newSocket(name, entry.family, entry.type, entry);
  if (!known) openSocket(draft, socket);
  socket.inode = inode;
  socket.holders = holders;
  socket.condition = known ? further(condition, known.condition) : condition;
  // Of those that are no further any more, a socket that listens now did not before.
  if (condition === 'LISTEN') socket.condition = condition;
  if (listener !== '') socket.listener = listener;
  if (local && peer) pair(draft, socket, local, peer);
  else foldBound(draft, socket, local ?? undefined);
};

export const foldWaits = (draft: StateDraft, { calls }: WaitsEntry): void => {
  for (const { id, needs, looked } of calls) {
    const call = draft.state.calls.get(id);
    if (call) draft.calls().set(id, { ...call, needs, ...(looked ? { looked } : {}) });
  }
};

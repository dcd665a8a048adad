import type { Call, CallName } from '../calls/call.ts';
import type { CallRef } from '../calls/call-ref.ts';
import { calls, made } from '../calls/calls.ts';
import { isProgram, type Program } from '../model/actors.ts';
import type { Policy } from '../model/names.ts';
import type { Act } from '../model/need.ts';
import { processOfThread } from '../model/process.ts';
import { type CallOfProcess, callsOfProcesses } from '../model/process-calls.ts';
import {
  type BenchState,
  type CallState,
  type FileState,
  type SocketState,
  socketBehind,
} from '../model/state.ts';
import { threadOf } from '../model/threads.ts';
import type { Reason } from '../model/wait.ts';

export const refOf = (state: BenchState, flying: CallState): CallRef => {
  const { id, call, looped } = flying;
  return { id, on: call.on, name: call.name, socket: subjectOf(state, flying), looped };
};

/** A state with its calls in flight sorted by what the rules ask for. Queued calls are in `queued` alone. */
export type Ground = {
  readonly state: BenchState;
  /** The call each thread is in. */
  readonly busy: ReadonlyMap<string, CallState>;
  /**
   * Sockets by what runs on them now, file objects' calls included. Receives with the bytes that they have gathered
   * and not yet returned.
   */
  readonly receiving: ReadonlyMap<string, number>;
  readonly sending: ReadonlySet<string>;
  readonly accepting: ReadonlySet<string>;
  readonly wrapping: ReadonlySet<string>;
  /** Threads that have such a call in their queue, by `deed`, whatever thread a new one would get today. */
  readonly queued: ReadonlyMap<string, readonly string[]>;
  /** Of sockets of relays, by `deed`: the call in flight after which the relay does that. */
  readonly relaying: ReadonlyMap<string, number>;
  /** A call in flight of each process. */
  readonly ofProcesses: CallOfProcess;
  /** Calls that wait for a look-up inside them. */
  readonly lookingUp: ReadonlySet<number>;
  readonly filesOf: (socket: string) => readonly FileState[];
};

/** The socket a call is made on, through its file object where it is made on one. */
export const subjectOf = (state: BenchState, { call }: CallState): string => socketBehind(state, call.on);

const noFiles: readonly FileState[] = [];

const groupFiles = (state: BenchState): ((socket: string) => readonly FileState[]) => {
  if (state.files.size === 0) return () => noFiles;
  const groups = new Map<string, FileState[]>();
  for (const file of state.files.values()) {
    if (file.closed) continue;
    const group = groups.get(file.socket);
    if (group) group.push(file);
    else groups.set(file.socket, [file]);
  }
  return socket => groups.get(socket) ?? noFiles;
};

/** What such a call does for the other end; null: nothing. */
const actOf = (name: CallName): Act | null => {
  if (made(name) === 'connection') return 'accept';
  switch (calls[name].moves) {
    case 'out':
      return 'send';
    case 'in':
      return 'recv';
    case null:
      return null;
  }
};

/** The same of a call. A peek makes no room. */
const deedOf = (call: Call): Act | null =>
  'flags' in call && call.flags?.includes('MSG_PEEK') ? null : actOf(call.name);

/** The same of a socket, as a key. A flush sends, and so may whoever writes. */
const deed = (act: Act, socket: string): string => `${act === 'flush' ? 'send' : act} ${socket}`;

const noteQueued = (queued: Map<string, string[]>, state: BenchState, call: CallState): void => {
  const act = deedOf(call.call);
  if (act === null || call.thread === '') return;
  const key = deed(act, subjectOf(state, call));
  const threads = queued.get(key);
  if (!threads) queued.set(key, [call.thread]);
  else if (!threads.includes(call.thread)) threads.push(call.thread);
};

/**
 * What a relay's call in flight holds up at the other end of its pair: what is received goes out there, what cannot be sent is
 * not received there, and before it is connected neither is done.
 */
const noteRelayed = (
  relaying: Map<string, number>,
  { sockets }: BenchState,
  { id, call, looped }: CallState,
): void => {
  const mate = looped ? sockets.get(call.on)?.mate : undefined;
  // One of a relay of datagrams holds up none of the others.
  if (mate === undefined || sockets.get(mate)?.mate !== call.on) return;
  const { moves } = calls[call.name];
  if (moves !== 'out') relaying.set(deed('send', mate), id).set(deed('end', mate), id);
  if (moves !== 'in') relaying.set(deed('recv', mate), id);
};

const none: CallOfProcess = new Map();

export const groundOf = (state: BenchState): Ground => {
  const busy = new Map<string, CallState>();
  const receiving = new Map<string, number>();
  const sending = new Set<string>();
  const accepting = new Set<string>();
  const wrapping = new Set<string>();
  const queued = new Map<string, string[]>();
  const lookingUp = new Set<number>();
  const relaying = new Map<string, number>();
  for (const call of state.calls.values()) {
    if (call.startedAt === null) {
      noteQueued(queued, state, call);
      continue;
    }
    // What a process is in is told by its own thread, and does not say that it is about to end.
    if (processOfThread(call.thread) !== '') continue;
    const { moves } = calls[call.call.name];
    noteRelayed(relaying, state, call);
    if (call.thread !== '') busy.set(call.thread, call);
    if (call.inside > 0) lookingUp.add(call.inside);
    if (made(call.call.name) === 'connection') accepting.add(call.call.on);
    else if (calls[call.call.name].waits === 'tls') wrapping.add(call.call.on);
    else if (moves === 'out') sending.add(subjectOf(state, call));
    else if (moves === 'in') {
      const on = subjectOf(state, call);
      receiving.set(on, (receiving.get(on) ?? 0) + call.taken);
    }
  }
  const ofProcesses: CallOfProcess = state.processes.size === 0 ? none : callsOfProcesses(state);
  return {
    state,
    busy,
    receiving,
    sending,
    accepting,
    wrapping,
    queued,
    relaying,
    ofProcesses,
    lookingUp,
    filesOf: groupFiles(state),
  };
};

/** The thread that a new call of that kind on the socket would get under a policy. */
export const threadFor = (on: string, program: Program, act: Act, policy: Policy): string =>
  threadOf(calls[act === 'recv' || act === 'accept' ? 'accept' : 'flush'], on, program, policy);

/**
 * The wait for a socket of the bench to act. Threads that could do it: the one that a new call would get by today's
 * policy, whose person may act where it is free, and a behaviour after its pause, and any that has such a call in its queue, since the policy was
 * another one then. What a thread does once it is out of the call that it is in is not foreseen. `on` names the file
 * object where one must act.
 */
export const mustAct = (ground: Ground, socket: SocketState, act: Act, on = socket.name): Reason => {
  const { actor, name } = socket;
  if (!isProgram(actor)) return processMustAct(ground, socket, act);
  const { again } = socket;
  // It is on its way, whatever its program is about meanwhile.
  if (again?.fault && (act === 'send' || act === 'end'))
    return { kind: 'behaviour', on, act, at: again.at, fault: true };
  const relayed = ground.relaying.get(deed(act, name));
  if (relayed !== undefined) return { kind: 'socket', on, act, ways: [relayed], through: relayed };
  const { policy } = ground.state.programs[actor];
  const busy = ground.busy.get(threadFor(name, actor, act, policy));
  if (!busy) {
    if (again?.rule !== undefined) return { kind: 'behaviour', on, act, at: again.at, rule: again.rule };
    if (again && actOf(again.call) === act) return { kind: 'behaviour', on, act, at: again.at };
    return { kind: 'person', on, act };
  }
  const ways = [busy.id];
  for (const thread of ground.queued.get(deed(act, name)) ?? []) {
    const other = ground.busy.get(thread);
    // In no call, and yet the one behind it has not begun: the recording holds it back for a while.
    if (!other) return isActing(socket, act);
    if (!ways.includes(other.id)) ways.push(other.id);
  }
  return { kind: 'socket', on, act, ways, through: busy.id };
};

/** The wait for whoever has a process's socket open. Which of its threads would do it, and when, is its own affair. */
const processMustAct = (ground: Ground, { name, actor, holders }: SocketState, act: Act): Reason => {
  const actors = holders.length === 0 ? [actor] : [...new Set(holders.map(holder => holder.actor))];
  const through = actors.map(one => ground.ofProcesses.get(one) ?? 0).find(id => id > 0) ?? 0;
  return { kind: 'process', on: name, act, actors, through };
};

/** Whether a call in flight does that on the bench's socket already. */
export const actsNow = (
  { receiving, sending, accepting }: Ground,
  { name }: SocketState,
  act: Act,
): boolean => {
  switch (act) {
    case 'recv':
      return receiving.has(name);
    case 'accept':
      return accepting.has(name);
    case 'send':
    case 'flush':
      return sending.has(name);
    case 'end':
      return false;
  }
};

/** The wait for a socket that is about it already: no more than time is missing. */
export const isActing = (socket: SocketState, act: Act): Reason => ({
  kind: 'socket',
  on: socket.name,
  act,
  ways: [],
  through: 0,
});

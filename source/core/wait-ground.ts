import type { CallName } from './call.ts';
import type { Policy } from './names.ts';
import { type BenchState, type CallState, type FileState, type SocketState, socketBehind } from './state.ts';
import { threadOf } from './threads.ts';
import type { Act, Reason } from './wait.ts';

const receives: readonly CallName[] = ['recv', 'recvfrom', 'read', 'readline'];
const sends: readonly CallName[] = ['send', 'sendall', 'sendto', 'write', 'flush'];

export const isReceive = (name: CallName): boolean => receives.includes(name);
export const isSend = (name: CallName): boolean => sends.includes(name);

/** A state with its calls in flight sorted by what the rules ask for. Queued calls are in none of the maps. */
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
    const group = groups.get(file.socket);
    if (group) group.push(file);
    else groups.set(file.socket, [file]);
  }
  return socket => groups.get(socket) ?? noFiles;
};

export const groundOf = (state: BenchState): Ground => {
  const busy = new Map<string, CallState>();
  const receiving = new Map<string, number>();
  const sending = new Set<string>();
  const accepting = new Set<string>();
  const lookingUp = new Set<number>();
  for (const call of state.calls.values()) {
    if (call.startedAt === null) continue;
    const { name } = call.call;
    if (call.thread !== '') busy.set(call.thread, call);
    if (call.inside > 0) lookingUp.add(call.inside);
    if (name === 'accept') accepting.add(call.call.on);
    else if (isSend(name)) sending.add(subjectOf(state, call));
    else if (isReceive(name)) {
      const on = subjectOf(state, call);
      receiving.set(on, (receiving.get(on) ?? 0) + call.taken);
    }
  }
  return { state, busy, receiving, sending, accepting, lookingUp, filesOf: groupFiles(state) };
};

/** The thread that a new call of that kind on the socket would get under a policy. */
export const threadFor = ({ name: on }: SocketState, act: Act, policy: Policy): string =>
  threadOf({ name: act === 'recv' || act === 'accept' ? 'accept' : 'flush', on }, on, policy);

/**
 * The wait for a socket of the bench to act: for its thread where that is in another call, else for the person.
 * `on` names the file object where one must act.
 */
export const mustAct = (ground: Ground, socket: SocketState, act: Act, on = socket.name): Reason => {
  const { policy } = ground.state.programs[socket.program];
  const busy = ground.busy.get(threadFor(socket, act, policy));
  return busy ? { kind: 'socket', on, act, through: busy.id } : { kind: 'person', on, act };
};

/** The wait for a socket that is about it already: no more than time is missing. */
export const isActing = (socket: SocketState, act: Act): Reason => ({
  kind: 'socket',
  on: socket.name,
  act,
  through: 0,
});

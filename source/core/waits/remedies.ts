import { isProgram, type Program } from '../model/actors.ts';
import type { Policy } from '../model/names.ts';
import type { Act } from '../model/need.ts';
import type { Remedy } from '../model/remedy.ts';
import { type BenchState, type CallState, socketBehind } from '../model/state.ts';
import type { Deadlock } from './deadlock.ts';
import { refOf, threadFor } from './wait-ground.ts';
import { reasonsOf } from './waits.ts';

/** From the one with the most threads to the one with the fewest. */
const roomiest: readonly Policy[] = ['duplex', 'per-socket', 'single'];

/** A policy under which a new call of that kind on the socket would get a thread that is free. */
const policyWithThread = (
  state: BenchState,
  socket: string,
  program: Program,
  act: Act,
): Policy | undefined => {
  const busy = new Set<string>();
  for (const call of state.calls.values()) busy.add(call.thread);
  return roomiest.find(policy => !busy.has(threadFor(socket, program, act, policy)));
};

const actFor = (state: BenchState, call: CallState): Remedy | undefined => {
  const reason = reasonsOf(state).get(call.id);
  if (reason?.kind !== 'socket') return undefined;
  const { on, act } = reason;
  const socket = state.sockets.get(socketBehind(state, on));
  // Nothing more can be done on a socket that is closed.
  if (socket?.closing) return undefined;
  // What another process does is its own affair.
  if (!socket || !isProgram(socket.actor)) return undefined;
  const program = socket.actor;
  const policy = policyWithThread(state, socket.name, program, act);
  return policy ? { kind: 'act', on, act, program, policy } : undefined;
};

/** THE answer to what would break a deadlock: what comes by itself first, then what the person can do, in the cycle's order. */
export const remediesOf = (state: BenchState, { calls, end }: Deadlock): readonly Remedy[] => {
  const remedies: Remedy[] = [];
  if (end) remedies.push({ kind: 'end', call: refOf(state, end.call), at: end.at, by: end.by });
  for (const call of calls) {
    if (call.actor === '' || isProgram(call.actor))
      remedies.push({ kind: 'cancel', call: refOf(state, call) });
  }
  const acts = new Set<string>();
  for (const call of calls) {
    const remedy = actFor(state, call);
    if (remedy?.kind !== 'act' || acts.has(`${remedy.on} ${remedy.act}`)) continue;
    acts.add(`${remedy.on} ${remedy.act}`);
    remedies.push(remedy);
  }
  return remedies;
};

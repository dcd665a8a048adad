import type { ActorId } from './actors.ts';
import type { Free, Need } from './need.ts';
import { processOfThread } from './process.ts';
import type { BenchState, CallState } from './state.ts';
import type { Reason } from './wait.ts';

const bytes: Reason = { kind: 'kernel', doing: 'bytes' };
const end: Reason = { kind: 'kernel', doing: 'end' };
const room: Reason = { kind: 'kernel', doing: 'room' };
const handshake: Reason = { kind: 'kernel', doing: 'handshake' };
const work: Reason = { kind: 'kernel', doing: 'work' };
const client: Reason = { kind: 'any', what: 'client' };
const datagram: Reason = { kind: 'any', what: 'datagram' };

const freeReason = (state: BenchState, { on, act }: Need, free: Free): Reason => {
  switch (free) {
    case 'bytes':
      return bytes;
    case 'ended':
      return end;
    case 'room':
      return room;
    case 'handshake':
      return handshake;
    case 'client':
      return client;
    case 'datagram':
      return datagram;
    case 'elsewhere': {
      const peer = state.sockets.get(on)?.peer;
      if (peer && (act === 'send' || act === 'recv')) return { kind: 'foreign', peer, act };
      return { kind: 'unseen', why: free, on, act };
    }
    case 'unseen':
    case 'peer':
    case 'pipe':
    case 'terminal':
    case 'file':
      return { kind: 'unseen', why: free, on, act };
  }
};

/** The oldest call in flight of each process, to follow a wait through it. */
export type CallOfProcess = ReadonlyMap<ActorId, number>;

export const callsOfProcesses = (state: BenchState): CallOfProcess => {
  const first = new Map<ActorId, number>();
  for (const { id, actor, thread, startedAt } of state.calls.values()) {
    if (actor === '' || startedAt === null || processOfThread(thread) === '') continue;
    if (!first.has(actor)) first.set(actor, id);
  }
  return first;
};

const needReason = (state: BenchState, calls: CallOfProcess, need: Need): Reason => {
  if (need.free !== null) return freeReason(state, need, need.free);
  const { other, act, by } = need;
  const through = by.map(actor => calls.get(actor) ?? 0).find(id => id > 0) ?? 0;
  return { kind: 'process', on: other, act, actors: by, through };
};

/** For what a process's call waits, by what the newest look found. */
export const seenReason = (state: BenchState, calls: CallOfProcess, { needs = [] }: CallState): Reason => {
  const reasons = needs.map(need => needReason(state, calls, need));
  if (reasons.length < 2) return reasons[0] ?? work;
  const leads = reasons.find(reason => reason.kind === 'process' && reason.through > 0);
  return { kind: 'any-of', reasons, through: leads?.kind === 'process' ? leads.through : 0 };
};

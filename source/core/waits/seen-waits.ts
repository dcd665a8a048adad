import { boundAt } from '../addresses/twins.ts';
import { isProgram } from '../model/actors.ts';
import type { Free, Need } from '../model/need.ts';
import type { BenchState, CallState, SocketState } from '../model/state.ts';
import type { Reason } from '../model/wait.ts';
import { actsNow, type Ground, isActing, mustAct } from './wait-ground.ts';

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

/** The bench's own socket at the other end of a process's: looks name sockets of processes alone. */
const ownOther = (state: BenchState, { on, other }: Need): SocketState | undefined => {
  if (other !== '') return undefined;
  const socket = state.sockets.get(on);
  if (!socket?.peer) return undefined;
  const name = socket.twin === '' ? boundAt(state.pairs, socket, socket.peer, socket.local) : socket.twin;
  const found = state.sockets.get(name ?? '');
  return found && isProgram(found.actor) ? found : undefined;
};

/** The bench has acted since the call was seen to stand: the next look tells what came of it. */
const hasActed = ({ call, n, startedAt }: CallState, act: Need['act'], own: SocketState): Reason | null => {
  if (act === 'recv' && own.receiveEntry > n) return room;
  const waitsForAll = 'flags' in call && call.flags?.includes('MSG_WAITALL');
  return act === 'send' && !waitsForAll && own.sentAt > (startedAt ?? 0) ? bytes : null;
};

const needReason = (ground: Ground, waiting: CallState, need: Need): Reason => {
  const { state, ofProcesses } = ground;
  if (need.free !== null) return freeReason(state, need, need.free);
  const { on, other, act, by } = need;
  const own = ownOther(state, need);
  if (own) {
    if (actsNow(ground, own, act)) return isActing(own, act);
    return hasActed(waiting, act, own) ?? mustAct(ground, own, act);
  }
  if (by.length === 0) return { kind: 'unseen', why: 'peer', on, act };
  const through = by.map(actor => ofProcesses.get(actor) ?? 0).find(id => id > 0) ?? 0;
  return { kind: 'process', on: other, act, actors: by, through };
};

/** Where a way leads on from a wait, 0 where it does not: to a call of a process, or of the bench. */
const throughOf = (reason: Reason): number => ('through' in reason ? reason.through : 0);

/** For what a process's call waits, by what the newest look found. */
export const seenReason = (ground: Ground, waiting: CallState): Reason => {
  const { needs = [] } = waiting;
  const reasons = needs.map(need => needReason(ground, waiting, need));
  if (reasons.length < 2) return reasons[0] ?? work;
  return { kind: 'any-of', reasons, through: reasons.map(throughOf).find(id => id > 0) ?? 0 };
};

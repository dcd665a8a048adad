import type { FaultEntry, FaultsEntry } from '../model/entry.ts';
import { isOff } from '../model/faults.ts';
import type { StateDraft } from './draft.ts';

/** What was set for one accepted socket alone gives way to what its listener has now. */
export const foldFaults = (draft: StateDraft, { socket: name, faults }: FaultsEntry): void => {
  for (const other of draft.state.sockets.values()) {
    if (other.listener !== name || !other.faults) continue;
    const accepted = draft.socket(other.name);
    if (accepted) accepted.faults = undefined;
  }
  const socket = draft.socket(name);
  if (socket) socket.faults = isOff(faults) && socket.listener === '' ? undefined : faults;
};

/** Counts what was done. What is held first is what its peer waits for; what is lost is no more. */
export const foldFault = (draft: StateDraft, { socket: name, did, next, until }: FaultEntry): void => {
  const socket = draft.socket(name);
  if (!socket) return;
  const { faulted = {}, again } = socket;
  socket.faulted = { ...faulted, [did]: (faulted[did] ?? 0) + 1 };
  if (did === 'lost' && again?.fault) socket.again = undefined;
  if (did !== 'held' || next === undefined || until === undefined) return;
  if (!again?.fault || again.at > until) socket.again = { call: next, at: until, fault: true };
};

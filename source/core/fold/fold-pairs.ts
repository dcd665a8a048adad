import { type Endpoint, isIdentity } from '../addresses/endpoint.ts';
import { boundKey, connectionKey } from '../addresses/twins.ts';
import type { SocketState } from '../model/state.ts';
import { shakesHands } from '../model/transports.ts';
import type { Mutable, StateDraft } from './draft.ts';

/** Takes a socket's addresses out of the pairs: it has others now, or none. */
export const leavePairs = (draft: StateDraft, socket: SocketState): void => {
  const { name, local, peer } = socket;
  for (const key of [local && boundKey(socket, local), local && peer && connectionKey(local, peer)]) {
    if (key && draft.state.pairs.get(key) === name) draft.pairs().delete(key);
  }
};

/** Enters a connected socket's addresses and introduces both ends to each other where both are known here. */
export const pair = (
  draft: StateDraft,
  socket: Mutable<SocketState>,
  local: Endpoint,
  peer: Endpoint,
): void => {
  leavePairs(draft, socket);
  socket.local = local;
  socket.peer = peer;
  if (!isIdentity(local) || !isIdentity(peer)) return;
  if (!shakesHands(socket)) draft.pairs().set(boundKey(socket, local), socket.name);
  draft.pairs().set(connectionKey(local, peer), socket.name);
  const former = draft.socket(socket.twin);
  if (former?.twin === socket.name) former.twin = '';
  const twin = draft.socket(draft.state.pairs.get(connectionKey(peer, local)) ?? '');
  socket.twin = twin && twin.name !== socket.name ? twin.name : '';
  if (twin && socket.twin !== '') twin.twin = socket.name;
};

export const foldBound = (
  draft: StateDraft,
  socket: Mutable<SocketState>,
  local: Endpoint | undefined,
): void => {
  if (!local) return;
  socket.local = local;
  if (isIdentity(local)) draft.pairs().set(boundKey(socket, local), socket.name);
};

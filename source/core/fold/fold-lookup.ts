import { resolved, withLookup } from '../calls/lookups.ts';
import type { EndedEntry } from '../model/entry.ts';
import type { StateDraft } from './draft.ts';

/** What a look-up found, for the call that it is a part of; the end of that call, which needs it no more. */
export const foldLookup = (draft: StateDraft, { call, id, inside, outcome }: EndedEntry): void => {
  const { state } = draft;
  if (inside === 0) {
    if (state.answers.size > 0 && state.answers.has(id)) draft.answers().delete(id);
    return;
  }
  const answers = withLookup(state.answers.get(inside), call, outcome);
  draft.answers().set(inside, answers);
  // A stream that connects by a name has its peer now.
  const outer = state.calls.get(inside);
  const socket = outer?.call.name === 'connect' ? draft.socket(outer.call.on) : undefined;
  if (socket?.condition === 'SYN-SENT' && socket.peer) socket.peer = resolved(socket.peer, answers);
};

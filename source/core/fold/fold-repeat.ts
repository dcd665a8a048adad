import type { EndedEntry, RepeatEntry } from '../model/entry.ts';
import type { SocketState } from '../model/state.ts';
import type { Mutable, StateDraft } from './draft.ts';

export const foldRepeat = (draft: StateDraft, { socket: name, repeat }: RepeatEntry): void => {
  const socket = draft.socket(name);
  if (socket) socket.repeat = repeat ? { repeat, sent: 0, late: 0, at: null } : undefined;
};

/** One more was sent, and when the next is. */
export const foldRepeated = ({ repeat: nth, afterwards }: EndedEntry, socket: Mutable<SocketState>): void => {
  if (nth === undefined || !socket.repeat) return;
  const late = socket.repeat.late + (afterwards?.kind === 'late' ? 1 : 0);
  const at = afterwards?.kind === 'repeat' ? afterwards.until : null;
  socket.repeat = { ...socket.repeat, sent: nth, late, at };
};

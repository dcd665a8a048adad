import { type ActorId, isProgram } from '../model/actors.ts';
import type { Entry } from '../model/entry.ts';
import type { Family, SocketCondition, SocketType } from '../model/names.ts';
import type { SocketState } from '../model/state.ts';
import { transportOf } from '../model/transports.ts';
import type { Mutable, StateDraft } from './draft.ts';
import { leavePairs } from './fold-pairs.ts';

/** Closed sockets that stay known, so that their history can still be opened. */
const keptClosed = 200;

const noOptions: SocketState['options'] = {};
const noMarks: SocketState['sendMarks'] = [];
const noHolders: SocketState['holders'] = [];

/** A socket that the entry has made, or found. */
export const newSocket = (
  name: string,
  family: Family,
  type: SocketType,
  { t, n, actor }: Pick<Entry, 't' | 'n'> & { readonly actor: ActorId | '' },
): Mutable<SocketState> => ({
  name,
  // Only somebody who made an entry up makes a socket that is nobody's.
  actor: actor === '' ? 'client' : actor,
  family,
  type,
  condition: transportOf({ family, type }).unconnected,
  local: null,
  peer: null,
  twin: '',
  listener: '',
  timeout: null,
  backlog: null,
  options: noOptions,
  sent: 0,
  received: 0,
  sends: 0,
  receives: 0,
  accepted: 0,
  sentAt: -1,
  acceptedAt: -1,
  eof: false,
  shut: false,
  closed: false,
  lingers: false,
  closing: false,
  openedAt: t,
  inode: 0,
  holders: noHolders,
  kernel: null,
  kernelAt: 0,
  last: n,
  connectEntry: 0,
  receiveEntry: 0,
  acceptEntry: 0,
  endEntry: 0,
  sendMarks: noMarks,
});

/** Enters a new socket, in place of a closed one of its name. */
export const openSocket = (draft: StateDraft, socket: Mutable<SocketState>): void => {
  draft.state.opened++;
  draft.openSocket(socket);
};

/** It is closed, for the kernel too, by entry `n`. `reset`: at once, with nothing left behind (RFC 9293, 3.10.7.4). */
export const closeSocket = (
  draft: StateDraft,
  socket: Mutable<SocketState>,
  n: number,
  reset: boolean,
): void => {
  socket.closed = true;
  socket.closing = false;
  socket.repeat = undefined;
  // What the kernel keeps of a process's socket nobody looks at.
  socket.lingers =
    transportOf(socket).lingers &&
    isProgram(socket.actor) &&
    !reset &&
    socket.peer !== null &&
    socket.condition !== 'RESET';
  socket.condition = 'CLOSED';
  socket.holders = noHolders;
  socket.endEntry = n;
  socket.kernel = null;
  const { name } = socket;
  leavePairs(draft, socket);
  if (draft.state.rules.some(rule => rule.socket === name))
    draft.state.rules = draft.state.rules.filter(rule => rule.socket !== name);
  for (const file of draft.state.files.values()) {
    if (file.socket === name) draft.files().delete(file.name);
  }
  const graveyard = draft.graveyard();
  graveyard.push(name);
  const forgotten = graveyard.length > keptClosed ? graveyard.shift() : undefined;
  if (forgotten) draft.sockets().delete(forgotten);
};

const progress: Readonly<Record<SocketCondition, number>> = {
  CLOSED: 0,
  UNCONN: 0,
  LISTEN: 0,
  'SYN-SENT': 1,
  ESTAB: 2,
  'CLOSE-WAIT': 3,
  'FIN-WAIT': 3,
  'LAST-ACK': 4,
  RESET: 5,
};

/** Where ss's words for states stand in the life of a connection. */
const conditions: Readonly<Record<string, SocketCondition>> = {
  ESTAB: 'ESTAB',
  'CLOSE-WAIT': 'CLOSE-WAIT',
  'FIN-WAIT-1': 'FIN-WAIT',
  'FIN-WAIT-2': 'FIN-WAIT',
  CLOSING: 'FIN-WAIT',
  'TIME-WAIT': 'FIN-WAIT',
  'LAST-ACK': 'LAST-ACK',
};

/** The condition that a state of the kernel's tables stands for, where these are the only source. */
export const conditionSeen = (state: string): SocketCondition => {
  switch (state) {
    case 'UNCONN':
    case 'LISTEN':
    case 'SYN-SENT':
      return state;
    case 'SYN-RECV':
      return 'SYN-SENT';
    default:
      return conditions[state] ?? 'CLOSED';
  }
};

/** A look may be older than what calls have told since, and a connection never goes back: only what is further counts. */
export const further = (seen: SocketCondition, before: SocketCondition): SocketCondition =>
  progress[seen] > progress[before] ? seen : before;

/** The same of the kernel's word for a state. */
export const conditionAfter = (state: string, before: SocketCondition): SocketCondition =>
  further(conditions[state] ?? before, before);

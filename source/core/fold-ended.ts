import type { ShutdownHow } from './call.ts';
import { calls, hasIn } from './calls.ts';
import type { Mutable, StateDraft } from './draft.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndedEntry } from './entry.ts';
import type { ErrorCode } from './error-table.ts';
import { foldFile, foldReceived, foldSend } from './fold-transfer.ts';
import { familyOf } from './ip.ts';
import type { Family, SocketType } from './names.ts';
import type { Outcome } from './outcome.ts';
import { type SocketState, socketBehind } from './state.ts';
import { shakesHands, transportOf } from './transports.ts';
import { boundKey, connectionKey } from './twins.ts';

/** Closed sockets that stay known, so that their history can still be opened. */
const keptClosed = 200;

const noOptions: SocketState['options'] = {};
const noMarks: SocketState['sendMarks'] = [];

/** A socket that the entry has made. */
const newSocket = (
  name: string,
  family: Family,
  type: SocketType,
  { t, n, actor }: EndedEntry,
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
const open = (draft: StateDraft, socket: Mutable<SocketState>): void => {
  draft.state.opened++;
  draft.openSocket(socket);
};

/** Takes a socket's addresses out of the pairs: it has others now, or none. */
const leavePairs = (draft: StateDraft, socket: SocketState): void => {
  const { name, local, peer } = socket;
  for (const key of [local && boundKey(socket, local), local && peer && connectionKey(local, peer)]) {
    if (key && draft.state.pairs.get(key) === name) draft.pairs().delete(key);
  }
};

/** Enters a connected socket's addresses and introduces both ends to each other where both are the bench's. */
const pair = (draft: StateDraft, socket: Mutable<SocketState>, local: Endpoint, peer: Endpoint): void => {
  leavePairs(draft, socket);
  socket.local = local;
  socket.peer = peer;
  if (!shakesHands(socket)) draft.pairs().set(boundKey(socket, local), socket.name);
  draft.pairs().set(connectionKey(local, peer), socket.name);
  const former = draft.socket(socket.twin);
  if (former?.twin === socket.name) former.twin = '';
  const twin = draft.socket(draft.state.pairs.get(connectionKey(peer, local)) ?? '');
  socket.twin = twin && twin.name !== socket.name ? twin.name : '';
  if (twin && socket.twin !== '') twin.twin = socket.name;
};

const foldBound = (draft: StateDraft, socket: Mutable<SocketState>, local: Endpoint | undefined): void => {
  if (!local) return;
  socket.local = local;
  draft.pairs().set(boundKey(socket, local), socket.name);
};

const underWay: ReadonlySet<ErrorCode> = new Set(['EINPROGRESS', 'EALREADY']);
const givenUp: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'INTERRUPTED']);

/**
 * The call is over, the handshake is not: the kernel goes on with it (connect(2), EINPROGRESS and EINTR). A call that
 * was given up while it looked a name up had not begun one.
 */
const goesOn = (outcome: Outcome, host: string): boolean =>
  outcome.kind === 'error' &&
  (underWay.has(outcome.code) || (givenUp.has(outcome.code) && familyOf(host) !== null));

const foldConnectFailed = (entry: EndedEntry, socket: Mutable<SocketState>): void => {
  const { call, outcome } = entry;
  const handshakes = socket.condition === 'CLOSED' || socket.condition === 'SYN-SENT';
  if (!hasIn(call, 'waits', 'handshake') || !shakesHands(socket) || !handshakes) return;
  const pending = goesOn(outcome, call.address.host);
  socket.condition = pending ? 'SYN-SENT' : 'CLOSED';
  socket.peer = pending ? (socket.peer ?? call.address) : null;
};

const foldConnect = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'none') return foldConnectFailed(entry, socket);
  const { local, peer } = entry.outcome;
  socket.condition = 'ESTAB';
  socket.connectEntry = entry.n;
  if (local && peer) pair(draft, socket, local, peer);
};

const foldAccept = (draft: StateDraft, entry: EndedEntry, listener: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'made') return;
  const { name, local, peer } = entry.outcome;
  listener.accepted++;
  listener.acceptedAt = entry.t;
  listener.acceptEntry = entry.n;
  const socket = newSocket(name, listener.family, 'SOCK_STREAM', entry);
  socket.condition = 'ESTAB';
  socket.listener = listener.name;
  socket.connectEntry = entry.n;
  open(draft, socket);
  if (local && peer) pair(draft, socket, local, peer);
};

/** Something else than the call `id` that keeps a closed socket: a file object that is open, or a call inside. */
const isHeld = ({ state }: StateDraft, name: string, id: number): boolean => {
  for (const file of state.files.values()) if (file.socket === name && !file.closed) return true;
  for (const call of state.calls.values()) {
    if (call.startedAt !== null && call.id !== id && socketBehind(state, call.call.on) === name) return true;
  }
  return false;
};

/** The file object is closed however its close ended, and forgotten once no call is inside. */
const foldFileClosed = (draft: StateDraft, { call, id }: EndedEntry): void => {
  const file = draft.state.files.get(call.on);
  if (!file) return;
  const inside = [...draft.state.calls.values()].some(
    other => other.id !== id && other.call.on === file.name,
  );
  if (inside) draft.files().set(file.name, { ...file, unflushed: 0, closed: true });
  else draft.files().delete(file.name);
};

/**
 * close: the kernel's socket is gone once nothing holds it (`closing` until then), so that the end of any call may be
 * the end of its socket. A reset is at once.
 */
export const foldGone = (draft: StateDraft, entry: EndedEntry, on: string): void => {
  const { call, outcome } = entry;
  const files = draft.state.files.get(call.on);
  if (files?.closed || (files && calls[call.name].ends === 'descriptor')) foldFileClosed(draft, entry);
  const found = draft.peek(on);
  if (!found || found.closed) return;
  const closes = call.on === on && outcome.kind === 'none';
  if (closes && calls[call.name].ends === 'connection') return foldClosed(draft, entry, draft.socket(on)!);
  if (!found.closing && !(closes && calls[call.name].ends === 'descriptor')) return;
  const socket = draft.socket(on)!;
  socket.closing = isHeld(draft, on, entry.id);
  if (!socket.closing) foldClosed(draft, entry, socket);
};

const foldClosed = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  socket.closed = true;
  socket.closing = false;
  // A reset leaves nothing behind (RFC 9293, 3.10.7.4).
  socket.lingers =
    transportOf(socket).lingers &&
    calls[entry.call.name].ends !== 'connection' &&
    socket.peer !== null &&
    socket.condition !== 'RESET';
  socket.condition = 'CLOSED';
  socket.endEntry = entry.n;
  socket.kernel = null;
  const { name } = socket;
  leavePairs(draft, socket);
  for (const file of draft.state.files.values()) {
    if (file.socket === name) draft.files().delete(file.name);
  }
  const graveyard = draft.graveyard();
  graveyard.push(name);
  const forgotten = graveyard.length > keptClosed ? graveyard.shift() : undefined;
  if (forgotten) draft.sockets().delete(forgotten);
};

const foldShutdown = (entry: EndedEntry, how: ShutdownHow, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind === 'error' || how === 'SHUT_RD') return;
  socket.shut = true;
  socket.endEntry = entry.n;
  if (socket.condition === 'ESTAB') socket.condition = 'FIN-WAIT';
  else if (socket.condition === 'CLOSE-WAIT') socket.condition = 'LAST-ACK';
};

/** What an ended call does to the state. `on` is the socket it was made on, through its file object if any. */
export const foldEnded = (draft: StateDraft, entry: EndedEntry, on: string): void => {
  const { call, outcome } = entry;
  if (outcome.kind === 'error') draft.state.failed++;
  if (hasIn(call, 'returns', 'socket') && outcome.kind === 'made') {
    open(draft, newSocket(outcome.name, call.family, call.type, entry));
    return;
  }
  const socket = draft.socket(on);
  if (!socket) return;
  switch (call.name) {
    case 'bind':
      if (outcome.kind === 'none') foldBound(draft, socket, outcome.local ?? call.address);
      return;
    case 'listen':
      if (outcome.kind !== 'none') return;
      foldBound(draft, socket, outcome.local);
      socket.condition = 'LISTEN';
      // CPython makes 0 of what is below (sock_listen_impl).
      socket.backlog = Math.max(0, call.backlog);
      return;
    case 'connect':
      return foldConnect(draft, entry, socket);
    case 'accept':
      return foldAccept(draft, entry, socket);
    case 'send':
    case 'sendall':
    case 'sendto':
      if (outcome.kind === 'count') foldBound(draft, socket, outcome.local);
      return foldSend(draft, entry, socket);
    case 'recv':
    case 'recvfrom':
    case 'read':
    case 'readline':
      return foldReceived(draft, entry, call, socket);
    case 'shutdown':
      return foldShutdown(entry, call.how, socket);
    case 'close':
      if (call.on !== on) foldFile(draft, entry, socket);
      return;
    case 'settimeout':
      if (outcome.kind === 'none') socket.timeout = call.timeout;
      return;
    case 'setsockopt':
      if (outcome.kind === 'none') socket.options = { ...socket.options, [call.option]: String(call.value) };
      return;
    case 'makefile':
      if (outcome.kind !== 'made' || socket.closed) return;
      draft.files().set(outcome.name, {
        name: outcome.name,
        socket: on,
        mode: call.mode,
        unflushed: 0,
        closed: false,
      });
      return;
    case 'write':
    case 'flush':
      return foldFile(draft, entry, socket);
    case 'socket':
    case 'reset':
    case 'gettimeout':
    case 'getsockopt':
    case 'getsockname':
    case 'getpeername':
    case 'getaddrinfo':
    case 'gethostbyaddr':
    case 'getservbyname':
    case 'getservbyport':
      return;
    default:
      call satisfies never;
  }
};

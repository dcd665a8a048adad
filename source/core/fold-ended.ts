import { byteLength } from './bytes.ts';
import type { StateDraft } from './draft.ts';
import type { EndedEntry } from './entry.ts';
import type { ErrorCode } from './error-table.ts';
import { familyOf } from './ip.ts';
import { type Endpoint, type Family, programOf, type SocketType } from './names.ts';
import type { Outcome } from './outcome.ts';
import type { SocketState } from './state.ts';
import { boundKey, connectionKey } from './twins.ts';

/** Closed sockets that stay known, so that their history can still be opened. */
const keptClosed = 200;

/** Newest sends remembered a socket, to name the one a recv ends on. */
const keptSends = 16;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const newSocket = (name: string, family: Family, type: SocketType, t: number): SocketState => ({
  name,
  program: programOf(name) ?? 'client',
  family,
  type,
  condition: type === 'SOCK_STREAM' ? 'CLOSED' : 'UNCONN',
  local: null,
  peer: null,
  twin: '',
  listener: '',
  timeout: null,
  backlog: null,
  options: {},
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
  openedAt: t,
  kernel: null,
  kernelAt: 0,
  last: 0,
  connectEntry: 0,
  receiveEntry: 0,
  acceptEntry: 0,
  endEntry: 0,
  sendMarks: [],
});

/** Enters a connected socket's addresses and introduces both ends to each other where both are the bench's. */
const pair = (draft: StateDraft, socket: Mutable<SocketState>, local: Endpoint, peer: Endpoint): void => {
  socket.local = local;
  socket.peer = peer;
  draft.pairs().set(connectionKey(local, peer), socket.name);
  const twin = draft.socket(draft.state.pairs.get(connectionKey(peer, local)) ?? '');
  if (!twin || twin.name === socket.name) return;
  socket.twin = twin.name;
  twin.twin = socket.name;
};

const foldBound = (draft: StateDraft, socket: Mutable<SocketState>, local: Endpoint | undefined): void => {
  if (!local) return;
  socket.local = local;
  draft.pairs().set(boundKey(socket.type, local), socket.name);
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
  if (call.name !== 'connect' || socket.type !== 'SOCK_STREAM' || !handshakes) return;
  const pending = goesOn(outcome, call.address.host);
  socket.condition = pending ? 'SYN-SENT' : 'CLOSED';
  socket.peer = pending ? (socket.peer ?? call.address) : null;
};

const foldConnect = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'none') return foldConnectFailed(entry, socket);
  const { local, peer } = entry.outcome;
  socket.condition = 'ESTAB';
  socket.connectEntry = entry.n;
  if (socket.type === 'SOCK_DGRAM') foldBound(draft, socket, local);
  if (local && peer) pair(draft, socket, local, peer);
};

const foldAccept = (draft: StateDraft, entry: EndedEntry, listener: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'made') return;
  const { name, local, peer } = entry.outcome;
  listener.accepted++;
  listener.acceptedAt = entry.t;
  listener.acceptEntry = entry.n;
  draft.state.opened++;
  draft.addSocket({
    ...newSocket(name, listener.family, 'SOCK_STREAM', entry.t),
    condition: 'ESTAB',
    listener: listener.name,
    last: entry.n,
    connectEntry: entry.n,
  });
  const socket = draft.socket(name);
  if (socket && local && peer) pair(draft, socket, local, peer);
};

const foldSent = (entry: EndedEntry, socket: Mutable<SocketState>, bytes: number): void => {
  socket.sent += bytes;
  socket.sends++;
  socket.sentAt = entry.t;
  const mark = { total: socket.sent, n: entry.n };
  socket.sendMarks =
    socket.sendMarks.length < keptSends ? [...socket.sendMarks, mark] : [...socket.sendMarks.slice(1), mark];
};

const foldReset = (socket: Mutable<SocketState>, outcome: Outcome): void => {
  if (outcome.kind === 'error' && outcome.code === 'ECONNRESET') socket.condition = 'RESET';
};

const foldReceived = (entry: EndedEntry, socket: Mutable<SocketState>): void => {
  const { outcome, call } = entry;
  foldReset(socket, outcome);
  if (outcome.kind !== 'data') return;
  if ('flags' in call && call.flags?.includes('MSG_PEEK')) return;
  const size = outcome.data.length + (outcome.dropped ?? 0);
  socket.receives++;
  socket.received += size;
  socket.receiveEntry = entry.n;
  if (size > 0 || socket.type === 'SOCK_DGRAM' || ('size' in call && call.size === 0)) return;
  if (call.name === 'readline' || call.name === 'recv' || call.name === 'recvfrom') socket.eof = true;
  if (!socket.eof) return;
  if (socket.condition === 'ESTAB') socket.condition = 'CLOSE-WAIT';
};

const foldClosed = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind === 'error') return;
  socket.closed = true;
  socket.condition = 'CLOSED';
  socket.endEntry = entry.n;
  socket.kernel = null;
  const { local, peer, type, name } = socket;
  for (const key of [local && boundKey(type, local), local && peer && connectionKey(local, peer)]) {
    if (key && draft.state.pairs.get(key) === name) draft.pairs().delete(key);
  }
  for (const file of draft.state.files.values()) {
    if (file.socket === name) draft.files().delete(file.name);
  }
  const graveyard = [...draft.state.graveyard, name];
  const forgotten = graveyard.length > keptClosed ? graveyard.shift() : undefined;
  if (forgotten) draft.sockets().delete(forgotten);
  draft.state.graveyard = graveyard;
};

const foldShutdown = (entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind === 'error' || entry.call.name !== 'shutdown' || entry.call.how === 'SHUT_RD')
    return;
  socket.shut = true;
  socket.endEntry = entry.n;
  if (socket.condition === 'ESTAB') socket.condition = 'FIN-WAIT';
  else if (socket.condition === 'CLOSE-WAIT') socket.condition = 'LAST-ACK';
};

const foldFileClosed = (draft: StateDraft, name: string): boolean => {
  const file = draft.state.files.get(name);
  if (!file) return false;
  draft.files().delete(name);
  return true;
};

const addUnflushed = (draft: StateDraft, name: string, bytes: number): void => {
  const file = draft.state.files.get(name);
  if (file) draft.files().set(name, { ...file, unflushed: bytes === 0 ? 0 : file.unflushed + bytes });
};

/** What the kernel took in a send that ended well or badly. */
const sentBytes = (outcome: Outcome, whole: number): number => {
  switch (outcome.kind) {
    case 'count':
      return outcome.count;
    case 'none':
      return whole;
    case 'error':
      return outcome.count ?? 0;
    default:
      return 0;
  }
};

const lengthOf = ({ call }: EndedEntry): number => ('data' in call ? byteLength(call.data) : 0);

/** What an ended call does to the state. `on` is the socket it was made on, through its file object if any. */
export const foldEnded = (draft: StateDraft, entry: EndedEntry, on: string): void => {
  const { call, outcome } = entry;
  if (outcome.kind === 'error') draft.state.failed++;
  if (call.name === 'socket' && outcome.kind === 'made') {
    draft.state.opened++;
    draft.addSocket({ ...newSocket(outcome.name, call.family, call.type, entry.t), last: entry.n });
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
      socket.backlog = call.backlog;
      return;
    case 'connect':
      return foldConnect(draft, entry, socket);
    case 'accept':
      return foldAccept(draft, entry, socket);
    case 'send':
    case 'sendall':
    case 'sendto':
      if (outcome.kind === 'count') foldBound(draft, socket, outcome.local);
      foldReset(socket, outcome);
      return foldSent(entry, socket, sentBytes(outcome, lengthOf(entry)));
    case 'recv':
    case 'recvfrom':
    case 'read':
    case 'readline':
      return foldReceived(entry, socket);
    case 'shutdown':
      return foldShutdown(entry, socket);
    case 'close':
    case 'reset':
      if (foldFileClosed(draft, call.on)) return;
      return foldClosed(draft, entry, socket);
    case 'settimeout':
      if (outcome.kind === 'none') socket.timeout = call.timeout;
      return;
    case 'setsockopt':
      if (outcome.kind === 'none') socket.options = { ...socket.options, [call.option]: String(call.value) };
      return;
    case 'makefile':
      if (outcome.kind !== 'made') return;
      draft
        .files()
        .set(outcome.name, { name: outcome.name, socket: on, mode: call.mode, unflushed: 0, closed: false });
      return;
    case 'write':
      if (outcome.kind === 'count') addUnflushed(draft, call.on, outcome.count);
      return;
    case 'flush': {
      const unflushed = draft.state.files.get(call.on)?.unflushed ?? 0;
      foldSent(entry, socket, outcome.kind === 'none' ? unflushed : sentBytes(outcome, 0));
      if (outcome.kind === 'none') addUnflushed(draft, call.on, 0);
      return;
    }
    default:
      return;
  }
};

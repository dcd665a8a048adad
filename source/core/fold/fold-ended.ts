import { hostAt } from '../addresses/endpoint.ts';
import { familyOf } from '../addresses/ip.ts';
import type { ShutdownHow } from '../calls/call.ts';
import type { CallSpec } from '../calls/call-spec.ts';
import { hasIn } from '../calls/calls.ts';
import type { Outcome } from '../calls/outcome.ts';
import type { EndedEntry } from '../model/entry.ts';
import { type SocketState, socketBehind } from '../model/state.ts';
import { noWire, type TlsSettings } from '../model/tls.ts';
import { shakesHands } from '../model/transports.ts';
import type { ErrorCode } from '../words/error-table.ts';
import type { Mutable, StateDraft } from './draft.ts';
import { foldBound, pair } from './fold-pairs.ts';
import { closeSocket, newSocket, openSocket } from './fold-sockets.ts';
import { foldFile, foldReceived, foldSend } from './fold-transfer.ts';

const underWay: ReadonlySet<ErrorCode> = new Set(['EINPROGRESS', 'EALREADY']);
const givenUp: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'INTERRUPTED']);

/**
 * The call is over, the handshake is not: the kernel goes on with it (connect(2), EINPROGRESS and EINTR). A call that
 * was given up while it looked a name up had not begun one.
 */
const goesOn = (outcome: Outcome, host: string | undefined): boolean =>
  host !== undefined &&
  outcome.kind === 'error' &&
  (underWay.has(outcome.code) || (givenUp.has(outcome.code) && familyOf(host) !== null));

const foldConnectFailed = (entry: EndedEntry, socket: Mutable<SocketState>): void => {
  const { call, outcome } = entry;
  const handshakes = socket.condition === 'CLOSED' || socket.condition === 'SYN-SENT';
  if (!hasIn(call, 'waits', 'handshake') || !shakesHands(socket) || !handshakes) return;
  const pending = goesOn(outcome, hostAt(call.address));
  socket.condition = pending ? 'SYN-SENT' : 'CLOSED';
  socket.peer = pending ? (socket.peer ?? call.address) : null;
};

const foldConnect = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'none') return foldConnectFailed(entry, socket);
  // The call was inside, and ended within the flush that the socket was closed in.
  if (socket.closed) return;
  const { local, peer, owner } = entry.outcome;
  socket.condition = 'ESTAB';
  socket.connectEntry = entry.n;
  if (owner) socket.owner = owner;
  if (local && peer) pair(draft, socket, local, peer);
};

const foldAccept = (draft: StateDraft, entry: EndedEntry, listener: Mutable<SocketState>): void => {
  if (entry.outcome.kind !== 'made') return;
  const { name, local, peer, owner } = entry.outcome;
  listener.accepted++;
  listener.acceptedAt = entry.t;
  listener.acceptEntry = entry.n;
  const socket = newSocket(name, listener.family, listener.type, entry);
  socket.condition = 'ESTAB';
  socket.listener = listener.name;
  socket.connectEntry = entry.n;
  if (owner) socket.owner = owner;
  openSocket(draft, socket);
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

/** One of several processes has closed its descriptor: the others still hold the socket. */
const leavesToOthers = ({ actor }: EndedEntry, socket: Mutable<SocketState>): boolean => {
  const { holders } = socket;
  const left = holders.findIndex(holder => holder.actor === actor);
  if (left < 0 || holders.length < 2) return false;
  socket.holders = holders.toSpliced(left, 1);
  return true;
};

/**
 * close: the kernel's socket is gone once nothing holds it (`closing` until then), so that the end of any call may be
 * the end of its socket. A reset is at once.
 */
export const foldGone = (
  draft: StateDraft,
  entry: EndedEntry,
  socket: Mutable<SocketState> | undefined,
  { ends }: CallSpec,
): void => {
  const { call, outcome } = entry;
  const files = draft.state.files.size === 0 ? undefined : draft.state.files.get(call.on);
  if (files?.closed || (files && ends === 'descriptor')) foldFileClosed(draft, entry);
  if (!socket || socket.closed) return;
  const closes = call.on === socket.name && outcome.kind === 'none';
  if (closes && ends === 'connection') return closeSocket(draft, socket, entry.n, true);
  if (!socket.closing && !(closes && ends === 'descriptor')) return;
  if (closes && leavesToOthers(entry, socket)) return;
  socket.closing = isHeld(draft, socket.name, entry.id);
  if (!socket.closing) closeSocket(draft, socket, entry.n, false);
};

const foldShutdown = (entry: EndedEntry, how: ShutdownHow, socket: Mutable<SocketState>): void => {
  if (entry.outcome.kind === 'error' || how === 'SHUT_RD') return;
  socket.shut = true;
  socket.endEntry = entry.n;
  if (socket.condition === 'ESTAB') socket.condition = 'FIN-WAIT';
  else if (socket.condition === 'CLOSE-WAIT') socket.condition = 'LAST-ACK';
};

const foldWrapped = (
  socket: Mutable<SocketState>,
  settings: TlsSettings,
  { tls, wire }: Extract<Outcome, { kind: 'none' }>,
): void => {
  socket.tls = { facts: tls ?? null, settings, wire: wire ?? noWire, tickets: 0 };
};

/** What a relay has made stands beside what it was made for. */
const foldSocketMade = (
  draft: StateDraft,
  { mate, sender }: EndedEntry,
  socket: Mutable<SocketState>,
): void => {
  openSocket(draft, socket);
  const other = mate === undefined ? undefined : draft.socket(mate);
  if (!other) return;
  socket.mate = other.name;
  // A relay of datagrams has a socket for each sender, and is no one's mate.
  if (sender) socket.sender = sender;
  else other.mate = socket.name;
};

/** What an ended call does to the state. `socket` is the one that it was made on, through its file object if any. */
export const foldEnded = (
  draft: StateDraft,
  entry: EndedEntry,
  socket: Mutable<SocketState> | undefined,
  { returns }: CallSpec,
): void => {
  const { call, outcome } = entry;
  // The next look tells what has become of the socket.
  if (outcome.kind === 'unseen') return;
  if (outcome.kind === 'error') draft.state.failed++;
  if (returns === 'socket' && hasIn(call, 'returns', 'socket') && outcome.kind === 'made') {
    return foldSocketMade(draft, entry, newSocket(outcome.name, call.family, call.type, entry));
  }
  if (!socket) return;
  if (socket.tls && 'wire' in outcome && outcome.wire) socket.tls = { ...socket.tls, wire: outcome.wire };
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
    case 'wrap':
      if (outcome.kind === 'none') foldWrapped(socket, call.settings ?? {}, outcome);
      return;
    case 'shutdown':
      return foldShutdown(entry, call.how, socket);
    case 'close':
      if (call.on !== socket.name) foldFile(draft, entry, socket);
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
        socket: socket.name,
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
    case 'poll':
      return;
    default:
      call satisfies never;
  }
};

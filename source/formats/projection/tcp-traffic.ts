import { type InetEndpoint, inetOrNull } from '../../core/addresses/endpoint.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import type { Sample } from '../../core/model/observer.ts';
import type { SocketState } from '../../core/model/state.ts';
import type { Piece, PieceMakers } from '../pieces.ts';
import type { EventLog } from './event-log.ts';
import type { FileBuffers } from './file-buffers.ts';
import { createTcpSendings, type TcpSendings } from './tcp-bytes.ts';
import {
  type Conversation,
  createTcpConversations,
  type End,
  type TcpConversations,
  told,
  twinName,
} from './tcp-conversations.ts';
import { otherSide } from './traffic-events.ts';

/** Most that a file object's buffer may have taken from the kernel beyond what it returned, bytes. */
const readAhead = 8192;

/** Where the peer's FIN has not come; elsewhere it counts as a byte of the receive queue until it is read (proc-net.ts). */
const finless: ReadonlySet<string> = new Set(['ESTAB', 'FIN-WAIT-1', 'FIN-WAIT-2']);

/** How stream sockets come to be, and to be connected. */
type Beginnings = {
  readonly made: (name: string, known?: SocketState) => void;
  readonly has: (name: string) => boolean;
  readonly learned: (name: string, local: InetEndpoint) => void;
  readonly connected: (entry: EndedEntry, address: InetEndpoint, begunAt: number) => void;
  readonly accepted: (entry: EndedEntry) => void;
};

type Transfers = {
  /** A send is seen in flight; `taken` of it have been told. */
  readonly sending: (id: number, name: string, pieces: readonly Piece[], taken?: number) => void;
  readonly took: (id: number, bytes: number, t: number) => void;
  readonly sent: (entry: EndedEntry, name: string, pieces: readonly Piece[]) => void;
  readonly received: (entry: EndedEntry, name: string, end: boolean) => void;
  /** The kernel was asked at `readAt`, in ms since the bench began. */
  readonly sampled: (sample: Sample, readAt: number) => void;
  readonly late: (name: string, bytes: number, t: number) => void;
};

type Endings = {
  /** SHUT_WR, SHUT_RD. */
  readonly shut: (name: string, t: number, write: boolean, read: boolean) => void;
  readonly closed: (name: string, t: number, how: 'close' | 'reset') => void;
  /** A file object of the socket is gone, or a call inside: if it was closed before, that may have been the last. */
  readonly released: (name: string, t: number) => void;
};

/** What the bench's stream sockets did, as others could see it. */
export type TcpTraffic = Beginnings &
  Transfers &
  Endings & { readonly conversations: () => readonly Conversation[] };

type Ends = Map<string, End>;

const newEnd = (name: string): End => ({
  name,
  local: null,
  conversation: null,
  side: 'client',
  readAhead: false,
  shutRead: false,
  shutWrite: false,
  closing: false,
  receivedAt: 0,
  unread: false,
});

const add = (ends: Ends, name: string): End => {
  const end = newEnd(name);
  ends.set(name, end);
  return end;
};

const beginnings = (ends: Ends, conversations: TcpConversations): Beginnings => ({
  made: (name, known) => {
    const end = add(ends, name);
    if (!known) return;
    end.local = inetOrNull(known.local);
    end.shutWrite = known.shut;
    if (known.condition !== 'LISTEN' && known.condition !== 'RESET' && known.condition !== 'SYN-SENT')
      conversations.standing(end, known);
  },
  has: name => ends.has(name),
  learned: (name, local) => {
    const end = ends.get(name);
    if (end) conversations.learned(end, local);
  },
  connected: ({ call, outcome, t }, address, begunAt) => {
    const end = ends.get(call.on);
    if (end) conversations.connected(end, address, outcome, begunAt, t);
  },
  accepted: ({ call, outcome, t }) => {
    if (outcome.kind !== 'made') return;
    const end = add(ends, outcome.name);
    // Where nothing tells on which of its listener's addresses it came in, it is that of the listener.
    const local = inetOrNull(outcome.local) ?? ends.get(call.on)?.local;
    const peer = inetOrNull(outcome.peer);
    if (local && peer) conversations.accepted(end, local, peer, t);
  },
});

/** A FIN of a foreign peer is known by the EOF that it brought. */
const finished = (end: End, t: number) => {
  const conversation = end.conversation!;
  const from = otherSide(end.side);
  if (twinName(end) !== '' || end.shutRead || conversation.finished[from]) return;
  conversation.finished[from] = true;
  told(conversation, { kind: 'shut', t, from });
};

const peerReset = (end: End | undefined, t: number) => {
  if (!end?.conversation || twinName(end) !== '') return;
  told(end.conversation, { kind: 'reset', t, from: otherSide(end.side) });
};

/** EPIPE is the peer's doing where this side had not ended its own sending. */
const isHurt = (outcome: Outcome, { shutWrite }: End): boolean =>
  outcome.kind === 'error' && (outcome.code === 'ECONNRESET' || (outcome.code === 'EPIPE' && !shutWrite));

const transfers = (ends: Ends, sendings: TcpSendings, files: FileBuffers): Transfers => ({
  sending: (id, name, pieces, taken = 0) => {
    const end = ends.get(name);
    if (end) sendings.begun(id, end, pieces, taken);
  },
  took: sendings.took,
  sent: (entry, name, pieces) => {
    const end = sendings.endOf(entry.id) ?? ends.get(name);
    if (!end) return;
    sendings.ended(entry, end, name, pieces);
    if (isHurt(entry.outcome, end)) peerReset(ends.get(end.name), entry.t);
  },
  received: (entry, name, isEnd) => {
    const end = ends.get(name);
    if (!end?.conversation) return;
    const { call, outcome, t } = entry;
    if (files.isFile(call.on)) end.readAhead = true;
    if (isHurt(outcome, end)) peerReset(end, t);
    if (outcome.kind !== 'data') return;
    end.receivedAt = t;
    end.unread = false;
    if (isEnd) finished(end, t);
    else sendings.received(end, outcome, t);
  },
  sampled: ({ socket, state, rcvQ }, readAt) => {
    const end = ends.get(socket);
    if (end && readAt >= end.receivedAt) end.unread = rcvQ > (finless.has(state) ? 0 : 1);
  },
  late: (name, bytes, t) => {
    const end = ends.get(name);
    if (end) sendings.late(end, bytes, t);
  },
});

const readBy = (end: End, conversation: Conversation): number => {
  const returned = conversation.read[end.side];
  const arrived = conversation.sent[otherSide(end.side)];
  return end.readAhead ? Math.max(returned, Math.min(arrived, returned + readAhead)) : returned;
};

const gone = (ends: Ends, end: End, t: number, how: 'close' | 'reset') => {
  ends.delete(end.name);
  const { conversation, side } = end;
  if (!conversation) return;
  conversation.closedAt[side] = t;
  const lost = end.unread && twinName(end) === '';
  if (how === 'reset' || lost) told(conversation, { kind: 'reset', t, from: side });
  else told(conversation, { kind: 'close', t, from: side, read: readBy(end, conversation) });
};

const endings = (ends: Ends, held: (name: string) => boolean): Endings => ({
  shut: (name, t, write, read) => {
    const end = ends.get(name);
    if (!end?.conversation) return;
    if (read) end.shutRead = true;
    if (!write || end.shutWrite) return;
    end.shutWrite = true;
    end.conversation.finished[end.side] = true;
    told(end.conversation, { kind: 'shut', t, from: end.side });
  },
  closed: (name, t, how) => {
    const end = ends.get(name);
    if (!end) return;
    end.closing = true;
    if (how === 'reset' || !held(name)) gone(ends, end, t, how);
  },
  released: (name, t) => {
    const end = ends.get(name);
    if (end?.closing && !held(name)) gone(ends, end, t, 'close');
  },
});

/** `held`: whether a file object or a call in flight keeps the socket open for the kernel. */
export const createTcpTraffic = (
  files: FileBuffers,
  pieces: PieceMakers,
  held: (name: string) => boolean,
  log: EventLog,
): TcpTraffic => {
  const conversations = createTcpConversations(log);
  const ends: Ends = new Map();
  return {
    ...beginnings(ends, conversations),
    ...transfers(ends, createTcpSendings(pieces), files),
    ...endings(ends, held),
    conversations: conversations.all,
  };
};

import { type InetEndpoint, inetOrNull } from '../../core/addresses/endpoint.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import type { Sample } from '../../core/model/observer.ts';
import type { SocketState } from '../../core/model/state.ts';
import { between, type Piece, piecesLength, receivedPieces } from '../pieces.ts';
import { type FileBuffers, sentOf } from './file-buffers.ts';
import {
  type Conversation,
  createTcpConversations,
  type End,
  eventsOf,
  twinName,
} from './tcp-conversations.ts';
import { otherSide, type Side, type TcpEvent } from './traffic-events.ts';

/** A send in flight: what it hands over, and how much of that has been told. */
type Sending = { readonly end: End; readonly pieces: readonly Piece[]; told: number };

/** Most that a file object's buffer may have taken from the kernel beyond what it returned, bytes. */
const readAhead = 8192;

/** Less than the clock can tell, ms. */
const justBefore = 0.0005;

/** Where the peer's FIN has not come; elsewhere it counts as a byte of the receive queue until it is read (proc-net.ts). */
const finless: ReadonlySet<string> = new Set(['ESTAB', 'FIN-WAIT-1', 'FIN-WAIT-2']);

/** What the bench's stream sockets did, as others could see it. */
export type TcpTraffic = {
  readonly made: (name: string, known?: SocketState) => void;
  readonly has: (name: string) => boolean;
  readonly learned: (name: string, local: InetEndpoint) => void;
  readonly connected: (entry: EndedEntry, address: InetEndpoint, begunAt: number) => void;
  readonly accepted: (entry: EndedEntry) => void;
  /** A send is seen in flight; `taken` of it have been told. */
  readonly sending: (id: number, name: string, pieces: readonly Piece[], taken?: number) => void;
  readonly took: (id: number, bytes: number, t: number) => void;
  readonly sent: (entry: EndedEntry, name: string, pieces: readonly Piece[]) => void;
  readonly received: (entry: EndedEntry, name: string, end: boolean) => void;
  /** The kernel was asked at `readAt`, in ms since the bench began. */
  readonly sampled: (sample: Sample, readAt: number) => void;
  readonly late: (name: string, bytes: number, t: number) => void;
  /** SHUT_WR, SHUT_RD. */
  readonly shut: (name: string, t: number, write: boolean, read: boolean) => void;
  readonly closed: (name: string, t: number, how: 'close' | 'reset') => void;
  /** A file object of the socket is gone, or a call inside: if it was closed before, that may have been the last. */
  readonly released: (name: string, t: number) => void;
  readonly events: () => TcpEvent[];
};

const push = (conversation: Conversation, event: Conversation['events'][number]) => {
  conversation.events.push(event);
};

/** `held`: whether a file object or a call in flight keeps the socket open for the kernel. */
export const createTcpTraffic = (files: FileBuffers, held: (name: string) => boolean): TcpTraffic => {
  const conversations = createTcpConversations();
  const ends = new Map<string, End>();
  const flying = new Map<number, Sending>();
  /** What a stopped send had not yet brought out: some of it may leave late. */
  const leftovers = new Map<string, readonly Piece[]>();

  const add = (name: string): End => {
    const end: End = {
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
    };
    ends.set(name, end);
    return end;
  };

  const data = (conversation: Conversation, from: Side, pieces: readonly Piece[], t: number) => {
    if (pieces.length === 0) return;
    const at = Math.max(t, conversation.dataAt[from]);
    conversation.dataAt[from] = at;
    conversation.sent[from] += piecesLength(pieces);
    push(conversation, { kind: 'data', t: at, from, pieces });
  };

  const advance = (sending: Sending, upTo: number, t: number) => {
    const { end, pieces, told } = sending;
    if (!end.conversation || upTo <= told) return;
    sending.told = upTo;
    data(end.conversation, end.side, between(pieces, told, upTo), t);
  };

  /** What the peer has received was sent, told or not. */
  const overtaken = (end: End, t: number) => {
    const conversation = end.conversation!;
    const from = otherSide(end.side);
    for (const sending of flying.values()) {
      const missing = conversation.read[end.side] - conversation.sent[from];
      if (sending.end.conversation !== conversation || sending.end.side !== from || missing <= 0) continue;
      advance(sending, Math.min(sending.told + missing, piecesLength(sending.pieces)), t);
    }
  };

  const fromPeer = (end: End, outcome: Extract<Outcome, { kind: 'data' }>, t: number) => {
    const conversation = end.conversation!;
    const pieces = receivedPieces(outcome.data, outcome.dropped);
    conversation.read[end.side] += piecesLength(pieces);
    if (twinName(end) === '') data(conversation, otherSide(end.side), pieces, t);
    else overtaken(end, t);
  };

  /** A FIN of a foreign peer is known by the EOF that it brought. */
  const finished = (end: End, t: number) => {
    const conversation = end.conversation!;
    const from = otherSide(end.side);
    if (twinName(end) !== '' || end.shutRead || conversation.finished[from]) return;
    conversation.finished[from] = true;
    push(conversation, { kind: 'shut', t, from });
  };

  const peerReset = (name: string, t: number) => {
    const end = ends.get(name);
    if (!end?.conversation || twinName(end) !== '') return;
    push(end.conversation, { kind: 'reset', t, from: otherSide(end.side) });
  };

  /** EPIPE is the peer's doing where this side had not ended its own sending. */
  const hurt = (end: End, outcome: Outcome, t: number) => {
    if (outcome.kind !== 'error') return;
    if (outcome.code === 'ECONNRESET' || (outcome.code === 'EPIPE' && !end.shutWrite)) peerReset(end.name, t);
  };

  const readBy = (end: End, conversation: Conversation): number => {
    const returned = conversation.read[end.side];
    const arrived = conversation.sent[otherSide(end.side)];
    return end.readAhead ? Math.max(returned, Math.min(arrived, returned + readAhead)) : returned;
  };

  const gone = (end: End, t: number, how: 'close' | 'reset') => {
    ends.delete(end.name);
    const { conversation, side } = end;
    if (!conversation) return;
    conversation.closedAt[side] = t;
    const lost = end.unread && twinName(end) === '';
    if (how === 'reset' || lost) push(conversation, { kind: 'reset', t, from: side });
    else push(conversation, { kind: 'close', t, from: side, read: readBy(end, conversation) });
  };

  /** A FIN leaves behind all that was sent before it: bytes that left late had it wait. */
  const delayFin = ({ events }: Conversation, from: Side, t: number) => {
    const at = events.findLastIndex(event => event.kind === 'shut' && event.from === from);
    if (at >= 0) events.push(...events.splice(at, 1).map(event => ({ ...event, t })));
  };

  /** Bytes of a send that was blocked when its peer went were taken before that. */
  const timeOf = (entry: EndedEntry, { conversation, side }: End): number => {
    const started = entry.startedAt ?? entry.t;
    if (!entry.seen) return started;
    const closed = conversation?.closedAt[otherSide(side)] ?? Number.POSITIVE_INFINITY;
    return started < closed ? Math.min(entry.t, closed - justBefore) : entry.t;
  };

  return {
    made: (name, known) => {
      const end = add(name);
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
      const end = add(outcome.name);
      // Where nothing tells on which of its listener's addresses it came in, it is that of the listener.
      const local = inetOrNull(outcome.local) ?? ends.get(call.on)?.local;
      const peer = inetOrNull(outcome.peer);
      if (local && peer) conversations.accepted(end, local, peer, t);
    },
    sending: (id, name, pieces, taken = 0) => {
      const end = ends.get(name);
      if (end) flying.set(id, { end, pieces, told: taken });
    },
    took: (id, bytes, t) => {
      const sending = flying.get(id);
      if (sending) advance(sending, bytes, t);
    },
    sent: (entry, name, pieces) => {
      const end = flying.get(entry.id)?.end ?? ends.get(name);
      if (!end) return;
      const sending = flying.get(entry.id) ?? { end, pieces, told: 0 };
      flying.delete(entry.id);
      const whole = piecesLength(sending.pieces);
      const taken = sentOf(entry.call, entry.outcome, whole);
      advance(sending, taken, timeOf(entry, end));
      if (entry.outcome.kind === 'error') leftovers.set(name, between(sending.pieces, taken, whole));
      hurt(end, entry.outcome, entry.t);
    },
    received: (entry, name, isEnd) => {
      const end = ends.get(name);
      if (!end?.conversation) return;
      if (files.isFile(entry.call.on)) end.readAhead = true;
      hurt(end, entry.outcome, entry.t);
      if (entry.outcome.kind !== 'data') return;
      end.receivedAt = entry.t;
      end.unread = false;
      if (isEnd) finished(end, entry.t);
      else fromPeer(end, entry.outcome, entry.t);
    },
    sampled: ({ socket, state, rcvQ }, readAt) => {
      const end = ends.get(socket);
      if (end && readAt >= end.receivedAt) end.unread = rcvQ > (finless.has(state) ? 0 : 1);
    },
    late: (name, bytes, t) => {
      const end = ends.get(name);
      const left = leftovers.get(name) ?? [];
      if (!end?.conversation) return;
      data(end.conversation, end.side, between(left, 0, bytes), t);
      delayFin(end.conversation, end.side, t);
      leftovers.set(name, between(left, bytes, Number.MAX_SAFE_INTEGER));
    },
    shut: (name, t, write, read) => {
      const end = ends.get(name);
      if (!end?.conversation) return;
      if (read) end.shutRead = true;
      if (!write || end.shutWrite) return;
      end.shutWrite = true;
      end.conversation.finished[end.side] = true;
      push(end.conversation, { kind: 'shut', t, from: end.side });
    },
    closed: (name, t, how) => {
      const end = ends.get(name);
      if (!end) return;
      end.closing = true;
      if (how === 'reset' || !held(name)) gone(end, t, how);
    },
    released: (name, t) => {
      const end = ends.get(name);
      if (end?.closing && !held(name)) gone(end, t, 'close');
    },
    events: () => conversations.all().flatMap(eventsOf),
  };
};

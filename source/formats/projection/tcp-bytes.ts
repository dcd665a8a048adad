import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import { between, type Piece, type PieceMakers, piecesLength } from '../pieces.ts';
import { sentOf } from './file-buffers.ts';
import { type Conversation, delayFin, type End, told, twinName } from './tcp-conversations.ts';
import { otherSide, type Side } from './traffic-events.ts';

/** A send in flight: what it hands over, and how much of that has been told. */
type Sending = { readonly end: End; readonly pieces: readonly Piece[]; told: number };

/** What sends bring out of their ends, as it becomes known. */
export type TcpSendings = {
  /** A send is seen in flight; `taken` of it have been told. */
  readonly begun: (id: number, end: End, pieces: readonly Piece[], taken: number) => void;
  readonly took: (id: number, bytes: number, t: number) => void;
  /** The end that a call in flight sends from. */
  readonly endOf: (id: number) => End | undefined;
  /** `name` is the socket's by now. */
  readonly ended: (entry: EndedEntry, end: End, name: string, pieces: readonly Piece[]) => void;
  /** What a stopped send had left behind leaves now. */
  readonly late: (end: End, bytes: number, t: number) => void;
  /** What a receive at this end brought, ms since the bench began. */
  readonly received: (end: End, outcome: Extract<Outcome, { kind: 'data' }>, t: number) => void;
};

/** Less than the clock can tell, ms. */
const justBefore = 0.0005;

const carry = (conversation: Conversation, from: Side, pieces: readonly Piece[], t: number) => {
  if (pieces.length === 0) return;
  const at = Math.max(t, conversation.dataAt[from]);
  conversation.dataAt[from] = at;
  conversation.sent[from] += piecesLength(pieces);
  told(conversation, { kind: 'data', t: at, from, pieces });
};

const advance = (sending: Sending, upTo: number, t: number) => {
  const { end, pieces, told } = sending;
  if (!end.conversation || upTo <= told) return;
  sending.told = upTo;
  carry(end.conversation, end.side, between(pieces, told, upTo), t);
};

/** What the peer has received was sent, told or not. */
const overtake = (flying: Iterable<Sending>, end: End, t: number) => {
  const conversation = end.conversation!;
  const from = otherSide(end.side);
  for (const sending of flying) {
    const missing = conversation.read[end.side] - conversation.sent[from];
    if (sending.end.conversation !== conversation || sending.end.side !== from || missing <= 0) continue;
    advance(sending, Math.min(sending.told + missing, piecesLength(sending.pieces)), t);
  }
};

/** Bytes of a send that was blocked when its peer went were taken before that. */
const timeOf = (entry: EndedEntry, { conversation, side }: End): number => {
  const started = entry.startedAt ?? entry.t;
  if (!entry.seen) return started;
  const closed = conversation?.closedAt[otherSide(side)] ?? Number.POSITIVE_INFINITY;
  return started < closed ? Math.min(entry.t, closed - justBefore) : entry.t;
};

export const createTcpSendings = (pieces: PieceMakers): TcpSendings => {
  const flying = new Map<number, Sending>();
  /** What a stopped send had not yet brought out, by its socket: some of it may leave late. */
  const leftovers = new Map<string, readonly Piece[]>();
  return {
    begun: (id, end, pieces, taken) => {
      flying.set(id, { end, pieces, told: taken });
    },
    took: (id, bytes, t) => {
      const sending = flying.get(id);
      if (sending) advance(sending, bytes, t);
    },
    endOf: id => flying.get(id)?.end,
    ended: (entry, end, name, pieces) => {
      const sending = flying.get(entry.id) ?? { end, pieces, told: 0 };
      flying.delete(entry.id);
      const whole = piecesLength(sending.pieces);
      const taken = sentOf(entry.call, entry.outcome, whole);
      advance(sending, taken, timeOf(entry, end));
      if (entry.outcome.kind === 'error') leftovers.set(name, between(sending.pieces, taken, whole));
    },
    late: (end, bytes, t) => {
      const left = leftovers.get(end.name) ?? [];
      if (!end.conversation) return;
      carry(end.conversation, end.side, between(left, 0, bytes), t);
      delayFin(end.conversation, end.side, t);
      leftovers.set(end.name, between(left, bytes, Number.MAX_SAFE_INTEGER));
    },
    received: (end, outcome, t) => {
      const conversation = end.conversation!;
      const received = pieces.received(outcome.data, outcome.dropped);
      conversation.read[end.side] += piecesLength(received);
      if (twinName(end) === '') carry(conversation, otherSide(end.side), received, t);
      else overtake(flying.values(), end, t);
    },
  };
};

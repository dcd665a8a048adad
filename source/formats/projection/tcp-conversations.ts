import { type InetEndpoint, inetOrNull } from '../../core/addresses/endpoint.ts';
import { connectionKey, sameEndpoint } from '../../core/addresses/twins.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { SocketState } from '../../core/model/state.ts';
import type { ErrorCode } from '../../core/words/error-table.ts';
import type { EventLog } from './event-log.ts';
import { type Connection, type EventOf, otherSide, type Side, type TcpEvent } from './traffic-events.ts';

/** A connection while its events are gathered. Counts in bytes, times in ms since the bench began; null: not yet. */
export type Conversation = Connection & {
  readonly sent: Record<Side, number>;
  readonly read: Record<Side, number>;
  /** Of the newest bytes of each side: a stream never goes back in time. */
  readonly dataAt: Record<Side, number>;
  readonly closedAt: Record<Side, number>;
  readonly finished: Record<Side, boolean>;
  synAt: number | null;
  openAt: number | null;
  refusedAt: number | null;
  /** Its number among all of them, and the log in which its events stand. */
  readonly index: number;
  readonly log: EventLog;
  /** Rows of the newest FIN of each side, -1: none. */
  readonly finRow: Record<Side, number>;
};

/** A stream socket of the bench and the conversation it is an end of. */
export type End = {
  readonly name: string;
  local: InetEndpoint | null;
  conversation: Conversation | null;
  side: Side;
  /** A file object has read from it: its buffer may hold what no call has returned. */
  readAhead: boolean;
  shutRead: boolean;
  shutWrite: boolean;
  closing: boolean;
  /** When a call last received from it, ms since the bench began. */
  receivedAt: number;
  /** A look at the kernel after that found bytes in its receive queue. */
  unread: boolean;
};

/** Codes after which the kernel goes on with the handshake, or gave it up unanswered: SYNs went out. */
const unanswered: ReadonlySet<ErrorCode> = new Set([
  'EINPROGRESS',
  'TIMEOUT',
  'INTERRUPTED',
  'CLOSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

const refusals: ReadonlySet<ErrorCode> = new Set(['ECONNREFUSED', 'ECONNRESET']);

const never = { client: Number.POSITIVE_INFINITY, server: Number.POSITIVE_INFINITY };

const newConversation = (
  index: number,
  log: EventLog,
  client: InetEndpoint | null,
  server: InetEndpoint,
  midway: Record<Side, number> | null,
): Conversation => ({
  client,
  server,
  names: { client: '', server: '' },
  midway,
  sent: midway ? { ...midway } : { client: 0, server: 0 },
  read: { client: 0, server: 0 },
  dataAt: { client: 0, server: 0 },
  closedAt: { ...never },
  finished: { client: false, server: false },
  synAt: null,
  openAt: null,
  refusedAt: null,
  index,
  log,
  finRow: { client: -1, server: -1 },
});

/** One of its ends did something. */
export const told = (conversation: Conversation, event: EventOf<TcpEvent>): void => {
  const row = conversation.log.push(conversation.index, event);
  if (event.kind === 'shut') conversation.finRow[event.from] = row;
};

/** A FIN leaves behind all that was sent before it: bytes that left late had it wait. */
export const delayFin = (conversation: Conversation, from: Side, t: number): void => {
  const row = conversation.finRow[from];
  if (row < 0) return;
  const event = conversation.log.at(row);
  conversation.log.take(row);
  told(conversation, { ...event, t });
};

const earlier = (known: number | null, t: number): number => (known === null ? t : Math.min(known, t));

/** The conversations of a session, found by their addresses. */
const createRegister = (log: EventLog) => {
  const all: Conversation[] = [];
  let count = 0;
  const byKey = new Map<string, Conversation>();

  const named = (conversation: Conversation, client: InetEndpoint) =>
    byKey.set(connectionKey(client, conversation.server), conversation);

  return {
    all,
    add: (
      client: InetEndpoint | null,
      server: InetEndpoint,
      midway: Record<Side, number> | null = null,
    ): Conversation => {
      const conversation = newConversation(count++, log, client, server, midway);
      all.push(conversation);
      if (client) named(conversation, client);
      return conversation;
    },
    /** Its client's address is known from now on. */
    named,
    drop: (conversation: Conversation) => all.splice(all.indexOf(conversation), 1),
    /** The conversation between these addresses that has no bench's socket at this side yet. */
    free: (client: InetEndpoint, server: InetEndpoint, side: Side): Conversation | undefined => {
      const conversation = byKey.get(connectionKey(client, server));
      return conversation && conversation.names[side] === '' ? conversation : undefined;
    },
  };
};

type Register = ReturnType<typeof createRegister>;

const attach = (end: End, conversation: Conversation, side: Side) => {
  end.conversation = conversation;
  end.side = side;
  conversation.names[side] = end.name;
};

const attempt = (register: Register, end: End, address: InetEndpoint, begunAt: number): Conversation => {
  const conversation = end.conversation ?? register.add(end.local, address);
  attach(end, conversation, 'client');
  conversation.synAt = earlier(conversation.synAt, begunAt);
  return conversation;
};

/** A handshake was under way without a known client's address: now it is known. */
const settle = (register: Register, end: End, conversation: Conversation, client: InetEndpoint) => {
  if (conversation.client && sameEndpoint(conversation.client, client)) return;
  const known = register.free(client, conversation.server, 'client');
  if (known) {
    known.synAt = earlier(known.synAt, conversation.synAt ?? known.openAt ?? 0);
    register.drop(conversation);
    return attach(end, known, 'client');
  }
  conversation.client = client;
  register.named(conversation, client);
};

type Handshake = {
  readonly local: InetEndpoint;
  readonly peer: InetEndpoint;
  readonly begunAt: number;
  readonly t: number;
};

const opened = (register: Register, end: End, { local, peer, begunAt, t }: Handshake) => {
  // Connected to itself: one address at both ends cannot be written as two.
  if (sameEndpoint(local, peer)) return;
  if (end.conversation) settle(register, end, end.conversation, local);
  else attach(end, register.free(local, peer, 'client') ?? register.add(local, peer), 'client');
  const conversation = end.conversation!;
  conversation.synAt = earlier(conversation.synAt, begunAt);
  conversation.openAt = earlier(conversation.openAt, t);
};

/** How connections come to be: which socket is which end of which conversation. */
export type TcpConversations = {
  readonly all: () => readonly Conversation[];
  readonly connected: (end: End, address: InetEndpoint, outcome: Outcome, begunAt: number, t: number) => void;
  readonly accepted: (end: End, local: InetEndpoint, peer: InetEndpoint, t: number) => void;
  /** An address that a call told of a socket. */
  readonly learned: (end: End, local: InetEndpoint) => void;
  /** A connection that stood before the session's first entry. */
  readonly standing: (end: End, socket: SocketState) => void;
};

export const createTcpConversations = (log: EventLog): TcpConversations => {
  const register = createRegister(log);
  return {
    all: () => register.all,
    connected: (end, address, outcome, begunAt, t) => {
      if (outcome.kind === 'none') {
        const [local, peer] = [inetOrNull(outcome.local), inetOrNull(outcome.peer)];
        if (local && peer) return opened(register, end, { local, peer, begunAt, t });
        const conversation = attempt(register, end, address, begunAt);
        conversation.openAt = earlier(conversation.openAt, t);
        return;
      }
      if (outcome.kind !== 'error') return;
      if (outcome.code === 'EISCONN' && end.conversation)
        end.conversation.openAt = earlier(end.conversation.openAt, begunAt);
      if (unanswered.has(outcome.code)) attempt(register, end, address, begunAt);
      if (refusals.has(outcome.code)) {
        attempt(register, end, address, begunAt).refusedAt = t;
        end.conversation = null;
      }
    },
    accepted: (end, local, peer, t) => {
      const conversation = register.free(peer, local, 'server') ?? register.add(peer, local);
      attach(end, conversation, 'server');
      conversation.openAt = earlier(conversation.openAt, t);
    },
    learned: (end, local) => {
      if (local.port === 0) return;
      end.local = local;
      if (end.conversation && end.side === 'client' && end.conversation.openAt === null)
        settle(register, end, end.conversation, local);
    },
    standing: (end, { listener, sent, shut, ...socket }) => {
      const [local, peer] = [inetOrNull(socket.local), inetOrNull(socket.peer)];
      if (!local || !peer) return;
      const side: Side = listener === '' ? 'client' : 'server';
      const [client, server] = side === 'client' ? [local, peer] : [peer, local];
      const conversation =
        register.free(client, server, side) ?? register.add(client, server, { client: 0, server: 0 });
      attach(end, conversation, side);
      conversation.sent[side] = sent;
      (conversation.midway as Record<Side, number>)[side] = sent;
      conversation.openAt = 0;
      conversation.finished[side] = shut;
    },
  };
};

/**
 * How a conversation began. `first`: when its first bytes or FIN came, Infinity: never. A conversation that never came to be has
 * nothing but what was tried: `isOnlyTried`.
 */
export const handshakeOf = (
  conversation: Conversation,
  first: number,
): { readonly events: readonly TcpEvent[]; readonly isOnlyTried: boolean } => {
  const { midway, synAt, openAt, refusedAt } = conversation;
  if (midway) return { events: [], isOnlyTried: false };
  const begun = Math.min(first, openAt ?? Number.POSITIVE_INFINITY);
  const at = { connection: conversation };
  const syn = { ...at, kind: 'syn', t: Math.min(synAt ?? begun, begun), from: 'client' } as const;
  if (begun < Number.POSITIVE_INFINITY)
    return { events: [syn, { ...at, kind: 'open', t: begun, from: 'server' }], isOnlyTried: false };
  if (refusedAt === null) return { events: [syn], isOnlyTried: true };
  return { events: [syn, { ...at, kind: 'refused', t: refusedAt, from: 'server' }], isOnlyTried: true };
};

/** The other end's socket, '' where it is foreign. */
export const twinName = (end: End): string => end.conversation?.names[otherSide(end.side)] ?? '';

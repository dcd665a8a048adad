import { hostAt } from '../addresses/endpoint.ts';
import { familyOf } from '../addresses/ip.ts';
import { boundAt, connectionKey } from '../addresses/twins.ts';
import type { CallSpec } from '../calls/call-spec.ts';
import { calls, hasIn } from '../calls/calls.ts';
import { isProgram } from '../model/actors.ts';
import type { EndedEntry } from '../model/entry.ts';
import type { SendMark, SocketState } from '../model/state.ts';
import { carriesDatagrams } from '../model/transports.ts';
import type { StateDraft } from './draft.ts';

/** The other end, where it is on the same side: what looks find of a program at the other end of the bench's is no cause of theirs. */
const twinOf = (draft: StateDraft, { twin, actor }: SocketState): SocketState | undefined =>
  sameSide(actor, draft.peek(twin));

const sameSide = (actor: SocketState['actor'], other: SocketState | undefined): SocketState | undefined =>
  other && (other.actor === actor || isProgram(other.actor) === isProgram(actor)) ? other : undefined;

/** The send that the last received byte was part of, or the one in flight; 0 where it is no longer known. */
const sendOf = (draft: StateDraft, twin: SocketState, received: number): number => {
  const mark = twin.sendMarks.find(({ total }) => total >= received);
  if (mark) return mark.total - mark.size < received ? mark.n : 0;
  for (const call of draft.state.calls.values()) {
    if (call.call.on === twin.name && calls[call.call.name].moves === 'out') return call.n;
  }
  return 0;
};

/**
 * The send of the datagram just received: the oldest of its size that went this way and has not been received yet.
 * A receive that was seen waiting mostly found its queue empty: then what was sent before it is lost, where something
 * was sent since. Null where none is known.
 */
export const datagramOf = (
  draft: StateDraft,
  { id, seen, outcome }: EndedEntry,
  receiver: SocketState,
): { readonly sender: SocketState; readonly mark: SendMark } | null => {
  if (outcome.kind !== 'data') return null;
  const { data, from = receiver.peer, lost = 0, dropped = 0 } = outcome;
  const sender = draft.peek((from && boundAt(draft.state.pairs, receiver, from, receiver.local)) ?? '');
  if (!sender) return null;
  const whole = data.length + lost + dropped;
  const fits = ({ to, size }: SendMark) => to === receiver.name && size === whole;
  const began = (seen && draft.state.calls.get(id)?.n) || 0;
  const mark = sender.sendMarks.find(one => one.n > began && fits(one)) ?? sender.sendMarks.find(fits);
  return mark ? { sender, mark } : null;
};

const causeOfData = (draft: StateDraft, entry: EndedEntry, socket: SocketState): number => {
  if (entry.outcome.kind !== 'data') return 0;
  if (carriesDatagrams(socket)) return datagramOf(draft, entry, socket)?.mark.n ?? 0;
  const { data, dropped = 0 } = entry.outcome;
  const length = data.length + dropped;
  const twin = twinOf(draft, socket);
  if (!twin) return 0;
  return length === 0 ? twin.endEntry : sendOf(draft, twin, socket.received + length);
};

/** Linux sends a dropped SYN again after a second (RFC 6298, section 2; TCP_TIMEOUT_INIT), in ms. */
const synAgainMs = 1000;

/**
 * Whether a connect to a listener of this machine waited for room in its queue: its SYN was dropped then, so that the kernel
 * has it in SYN-SENT and sends it again. Where there is room the handshake is done within the call.
 */
const waitedForRoom = ({ call, startedAt, t }: EndedEntry, { kernel, kernelAt }: SocketState): boolean => {
  if (!hasIn(call, 'waits', 'handshake') || startedAt === null) return false;
  if (kernel?.state === 'SYN-SENT' && kernelAt >= startedAt) return true;
  const host = hostAt(call.address);
  return host !== undefined && familyOf(host) !== null && t - startedAt >= synAgainMs;
};

/**
 * A connect that waited for room was let in by an accept that came meanwhile; any other has no cause. Not by its own accept,
 * nor by one that may have come after that: accepts follow from connects, and only those before its own made room for it.
 * So causes never run in a circle: where a link leads on in time, from an accept to its connect, that has no cause.
 */
const causeOfConnect = (draft: StateDraft, entry: EndedEntry, socket: SocketState): number => {
  const { call, outcome, seen, id } = entry;
  if (!seen || !hasIn(call, 'waits', 'handshake') || outcome.kind !== 'none' || !waitedForRoom(entry, socket))
    return 0;
  const { local, peer } = outcome;
  const wasAccepted = local && peer && draft.state.pairs.has(connectionKey(peer, local));
  if (wasAccepted) return 0;
  const bound = boundAt(draft.state.pairs, socket, peer ?? call.address, socket.local) ?? '';
  const listener = sameSide(socket.actor, draft.peek(bound));
  const began = draft.state.calls.get(id)?.n ?? 0;
  return listener && listener.acceptEntry > began ? listener.acceptEntry : 0;
};

const causeOfAccept = (draft: StateDraft, entry: EndedEntry): number => {
  if (entry.outcome.kind !== 'made' || !entry.outcome.local || !entry.outcome.peer) return 0;
  const twin = draft.state.pairs.get(connectionKey(entry.outcome.peer, entry.outcome.local));
  return (twin && draft.peek(twin)?.connectEntry) || 0;
};

/** A sender that was seen blocked goes on because its peer received meanwhile. */
const causeOfSend = (draft: StateDraft, entry: EndedEntry, socket: SocketState): number => {
  if (!entry.seen || entry.outcome.kind === 'error') return 0;
  const began = draft.state.calls.get(entry.id)?.n ?? 0;
  const received = twinOf(draft, socket)?.receiveEntry ?? 0;
  return received > began ? received : 0;
};

const causeOf = (draft: StateDraft, entry: EndedEntry, socket: SocketState, { waits }: CallSpec): number => {
  if (
    entry.outcome.kind === 'error' &&
    (entry.outcome.code === 'ECONNRESET' || entry.outcome.code === 'EPIPE')
  ) {
    return twinOf(draft, socket)?.endEntry ?? 0;
  }
  switch (waits) {
    case 'bytes':
      return causeOfData(draft, entry, socket);
    case 'handshake':
      return causeOfConnect(draft, entry, socket);
    case 'client':
      return causeOfAccept(draft, entry);
    case 'room':
      return causeOfSend(draft, entry, socket);
    // Who sent what of a handshake no entry tells.
    case 'tls':
    case 'answer':
    case 'ready':
    case null:
      return 0;
  }
};

/** Names the entry's cause (`by`) where both ends are this bench's; a link to a foreign peer is never invented. */
export const linkCause = (
  draft: StateDraft,
  entry: EndedEntry,
  socket: SocketState,
  spec: CallSpec,
): void => {
  if (entry.by !== undefined) return;
  const n = causeOf(draft, entry, socket, spec);
  if (n > 0) entry.by = n;
};

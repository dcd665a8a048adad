import type { StateDraft } from './draft.ts';
import type { EndedEntry } from './entry.ts';
import type { SocketState } from './state.ts';
import { boundAt, connectionKey } from './twins.ts';

/** The send that the last received byte was part of: the first whose end reaches it, or the one in flight. */
const sendOf = (draft: StateDraft, twin: SocketState, received: number): number => {
  for (const mark of twin.sendMarks) if (mark.total >= received) return mark.n;
  for (const call of draft.state.calls.values()) {
    if (call.call.on === twin.name && (call.call.name === 'sendall' || call.call.name === 'send'))
      return call.n;
  }
  return 0;
};

/**
 * The send of the datagram just received: as many sends back as datagrams are still on their way. None is named where
 * its size says otherwise: some were lost, or went elsewhere.
 */
const datagramOf = (sender: SocketState, receiver: SocketState, size: number): number => {
  const { sendMarks, sends } = sender;
  const index = sendMarks.length - (sends - receiver.receives);
  const mark = sendMarks[index];
  if (!mark) return 0;
  const before = sendMarks[index - 1]?.total ?? (sends === sendMarks.length ? 0 : Number.NaN);
  return mark.total - before === size ? mark.n : 0;
};

const causeOfData = (draft: StateDraft, entry: EndedEntry, socket: SocketState): number => {
  if (entry.outcome.kind !== 'data') return 0;
  const { data, from } = entry.outcome;
  if (socket.type === 'SOCK_DGRAM') {
    const sender = draft.peek((from ? boundAt(draft.state.pairs, 'SOCK_DGRAM', from) : socket.twin) ?? '');
    return sender ? datagramOf(sender, socket, data.length + (entry.outcome.lost ?? 0)) : 0;
  }
  const twin = draft.peek(socket.twin);
  if (!twin) return 0;
  return data.length === 0 ? twin.endEntry : sendOf(draft, twin, socket.received + data.length);
};

/** A connect that was seen blocked was let in by an accept of the listener it asked, if one came meanwhile. */
const causeOfConnect = (draft: StateDraft, entry: EndedEntry): number => {
  if (!entry.seen || entry.call.name !== 'connect' || entry.outcome.kind !== 'none') return 0;
  const listener = draft.peek(boundAt(draft.state.pairs, 'SOCK_STREAM', entry.call.address) ?? '');
  const began = draft.state.calls.get(entry.id)?.n ?? 0;
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
  const received = draft.peek(socket.twin)?.receiveEntry ?? 0;
  return received > began ? received : 0;
};

const causeOf = (draft: StateDraft, entry: EndedEntry, on: string): number => {
  const socket = draft.peek(on);
  if (!socket) return 0;
  if (
    entry.outcome.kind === 'error' &&
    (entry.outcome.code === 'ECONNRESET' || entry.outcome.code === 'EPIPE')
  ) {
    return draft.peek(socket.twin)?.endEntry ?? 0;
  }
  switch (entry.call.name) {
    case 'recv':
    case 'recvfrom':
    case 'read':
    case 'readline':
      return causeOfData(draft, entry, socket);
    case 'connect':
      return causeOfConnect(draft, entry);
    case 'accept':
      return causeOfAccept(draft, entry);
    case 'send':
    case 'sendall':
    case 'flush':
      return causeOfSend(draft, entry, socket);
    default:
      return 0;
  }
};

/** Names the entry's cause (`by`) where both ends are this bench's; a link to a foreign peer is never invented. */
export const linkCause = (draft: StateDraft, entry: EndedEntry, on: string): void => {
  if (entry.by !== undefined || on === '') return;
  const n = causeOf(draft, entry, on);
  if (n > 0) entry.by = n;
};

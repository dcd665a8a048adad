import { boundAt } from '../addresses/twins.ts';
import { byteLength } from '../bytes/bytes.ts';
import { dataOf, peeks } from '../calls/call.ts';
import { type CallWith, calls } from '../calls/calls.ts';
import { askedFor } from '../calls/lookups.ts';
import { type Outcome, takenOf } from '../calls/outcome.ts';
import type { EndedEntry } from '../model/entry.ts';
import type { SocketState } from '../model/state.ts';
import { carriesDatagrams, transportOf } from '../model/transports.ts';
import { datagramOf } from './cause.ts';
import type { Mutable, StateDraft } from './draft.ts';

/** Newest sends remembered a socket, to name the one a recv ends on. */
const keptSends = 16;

/** The bench's socket that a datagram goes to, '' where that is foreign; '' on a stream. */
const receiverOf = ({ state }: StateDraft, { call, id }: EndedEntry, sender: SocketState): string => {
  if (!carriesDatagrams(sender)) return '';
  const to = 'address' in call ? askedFor(state, id, call.address) : sender.peer;
  return (to && boundAt(state.pairs, sender, to, sender.local)) ?? '';
};

/** The kernel took `size` bytes. A send that failed before the first one was none. */
const foldTaken = (
  draft: StateDraft,
  entry: EndedEntry,
  socket: Mutable<SocketState>,
  size: number,
): void => {
  if (size === 0 && entry.outcome.kind === 'error') return;
  socket.sent += size;
  socket.sends++;
  socket.sentAt = entry.t;
  const marks = draft.sendMarks(socket);
  marks.push({ total: socket.sent, size, n: entry.n, to: receiverOf(draft, entry, socket) });
  if (marks.length > keptSends) marks.shift();
};

const foldReset = (socket: Mutable<SocketState>, outcome: Outcome): void => {
  if (outcome.kind === 'error' && outcome.code === 'ECONNRESET') socket.condition = 'RESET';
  if (outcome.kind === 'data' && outcome.ending === 'reset') socket.condition = 'RESET';
};

/** A shutdown has done its work in the kernel before its end is told: a send that it fails may be told of first. */
const isShuttingDown = ({ state }: StateDraft, { name }: SocketState): boolean =>
  [...state.calls.values()].some(
    ({ call }) => call.name === 'shutdown' && call.on === name && call.how !== 'SHUT_RD',
  );

/** A pipe that is broken though this side shut nothing down: its peer's reset came after its FIN (tcp_reset, Linux). */
const foldBroken = (draft: StateDraft, socket: Mutable<SocketState>, outcome: Outcome): void => {
  if (outcome.kind !== 'error' || outcome.code !== 'EPIPE') return;
  const open = socket.condition === 'ESTAB' || socket.condition === 'CLOSE-WAIT';
  if (open && !isShuttingDown(draft, socket)) socket.condition = 'RESET';
};

export const foldSend = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  const { call, outcome } = entry;
  const data = dataOf(call);
  foldReset(socket, outcome);
  foldBroken(draft, socket, outcome);
  foldTaken(draft, entry, socket, takenOf(outcome, data ? byteLength(data) : 0));
};

/** Bytes that came into a file object's buffer, and bytes that left it for the kernel. */
export const throughBuffer = (
  { call, outcome }: Pick<EndedEntry, 'call' | 'outcome'>,
  held: number,
): { came: number; left: number } => {
  if (calls[call.name].returns !== 'length') return { came: 0, left: takenOf(outcome, held) };
  if (outcome.kind === 'count') return { came: outcome.bytes ?? outcome.count, left: outcome.passed ?? 0 };
  return { came: 0, left: takenOf(outcome, 0) };
};

/** write, flush and close of a file object. */
export const foldFile = (draft: StateDraft, entry: EndedEntry, socket: Mutable<SocketState>): void => {
  const file = draft.state.files.get(entry.call.on);
  if (!file) return;
  const { came, left } = throughBuffer(entry, file.unflushed);
  if (left > 0) foldTaken(draft, entry, socket, left);
  draft.files().set(file.name, { ...file, unflushed: Math.max(0, file.unflushed + came - left) });
};

/** The datagram received is not on its way any more, and neither are those sent before it. */
const forgetDatagrams = (draft: StateDraft, entry: EndedEntry, receiver: SocketState): void => {
  // Most come from strangers: those have no cause.
  const found = entry.by === undefined ? null : datagramOf(draft, entry, receiver);
  const sender = found && draft.socket(found.sender.name);
  if (!sender) return;
  sender.sendMarks = sender.sendMarks.filter(({ n, to }) => n > found.mark.n || to !== receiver.name);
};

type Receive = CallWith<'moves', 'in'>;

/**
 * Whether a receive on a stream tells that nothing more comes. A file object's that was not allowed to wait may only
 * lack bytes.
 */
const isEnd = (call: Receive, size: number, { timeout }: SocketState): boolean => {
  switch (call.name) {
    case 'read':
      return timeout !== 0 && (call.size === undefined || (size === 0 && call.size > 0));
    case 'readline':
      return timeout !== 0 && size === 0;
    case 'recv':
    case 'recvfrom':
      return size === 0 && call.size !== 0;
  }
};

export const foldReceived = (
  draft: StateDraft,
  entry: EndedEntry,
  call: Receive,
  socket: Mutable<SocketState>,
): void => {
  const { outcome } = entry;
  foldReset(socket, outcome);
  if (outcome.kind !== 'data') return;
  if (peeks(call)) return;
  const size = outcome.data.length + (outcome.dropped ?? 0);
  socket.receives++;
  socket.received += size;
  socket.receiveEntry = entry.n;
  const { carries, empty } = transportOf(socket);
  if (carries === 'datagrams') forgetDatagrams(draft, entry, socket);
  if (empty !== 'end' || !isEnd(call, size, socket)) return;
  socket.eof = true;
  if (socket.condition === 'ESTAB') socket.condition = 'CLOSE-WAIT';
};

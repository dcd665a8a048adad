import type { Bytes } from '../../core/bytes/bytes.ts';
import type { RecvFlag } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { endpointOf } from './endpoints.ts';
import type { Result } from './moments.ts';
import type { TracedSocket } from './steps.ts';
import { outcomeWith, type ReadCall, type ReadCalls, type Reading, type ToldCall } from './told-call.ts';
import { field, flagsIn, numberIn, type Value } from './value.ts';

const recvFlags: readonly string[] = [
  'MSG_PEEK',
  'MSG_WAITALL',
  'MSG_DONTWAIT',
  'MSG_OOB',
] satisfies RecvFlag[];

const flagsOf = (value: Value | undefined): RecvFlag[] =>
  flagsIn(value).filter((flag): flag is RecvFlag => recvFlags.includes(flag));

/** A buffer as strace shows it; `known` is what of it was printed. */
type Piece = { readonly known: Uint8Array; readonly cut: boolean; readonly size: number | null };

const pieceOf = (value: Value | undefined, size: number | null): Piece =>
  value?.kind === 'text'
    ? { known: value.bytes, cut: value.cut, size }
    : { known: new Uint8Array(), cut: size !== 0, size };

/** The buffers of readv, writev and struct msghdr. */
const vectorOf = (value: Value | undefined): Piece[] =>
  value?.kind === 'list'
    ? value.items.map(item => pieceOf(field(item, 'iov_base'), numberIn(field(item, 'iov_len'))))
    : [];

const sizeOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { known, size }) => sum + (size ?? known.length), 0);

/** What was printed before the first cut. */
const knownOf = (
  pieces: readonly Piece[],
): { readonly data: Uint8Array<ArrayBuffer>; readonly cut: boolean } => {
  const first = pieces.findIndex(({ cut }) => cut);
  const shown = first < 0 ? pieces : pieces.slice(0, first + 1);
  return { data: Uint8Array.from(Buffer.concat(shown.map(({ known }) => known))), cut: first >= 0 };
};

const sentBytes = (pieces: readonly Piece[]): Bytes => {
  const { data, cut } = knownOf(pieces);
  return cut ? { kind: 'dropped', size: sizeOf(pieces) } : { kind: 'literal', data, notation: 'text' };
};

const sent = (
  socket: TracedSocket,
  pieces: readonly Piece[],
  flags: readonly RecvFlag[],
  to: Value | undefined,
): ToldCall => {
  const data = sentBytes(pieces);
  const address = endpointOf(to);
  const on = socket.name;
  const urgent = flags.includes('MSG_OOB') ? { flags: ['MSG_OOB'] as const } : {};
  return {
    call: address ? { name: 'sendto', on, data, address } : { name: 'send', on, data, ...urgent },
    limit: socket.sendMs > 0 ? socket.sendMs : null,
    outcome: outcomeWith(count => ({ kind: 'count', count })),
  };
};

const receivedOutcome =
  (pieces: readonly Piece[], from: Value | undefined) =>
  (result: Result): Outcome =>
    outcomeWith(size => {
      const data = knownOf(pieces).data.subarray(0, size);
      const sender = endpointOf(from);
      const dropped = size - data.length;
      return {
        kind: 'data',
        data,
        ...(sender && { from: sender }),
        ...(dropped > 0 && { dropped }),
      };
    })(result);

/** Who sent a datagram is asked for where no peer is set; a call in flight has not printed whether it does. */
const asksSender = (socket: TracedSocket, from: Value | undefined): boolean => {
  if (!carriesDatagrams(socket)) return false;
  return from === undefined ? socket.peer === null : from.kind !== 'word' || from.word !== 'NULL';
};

const received = (
  { inFlight }: Reading,
  socket: TracedSocket,
  pieces: readonly Piece[],
  size: number | null,
  flags: Value | undefined,
  from: Value | undefined,
): ToldCall | null => {
  const now = size === null ? inFlight() : null;
  const asked = size ?? (now?.kind === 'recv' ? (now.size ?? 0) : null);
  if (asked === null) return null;
  const words = flagsOf(flags);
  const name = asksSender(socket, from) ? 'recvfrom' : 'recv';
  return {
    call: { name, on: socket.name, size: asked, ...(words.length > 0 && { flags: words }) },
    limit: socket.receiveMs > 0 ? socket.receiveMs : null,
    outcome: receivedOutcome(pieces, from),
  };
};

/** For calls on the descriptor that stands first. */
const on =
  (read: (socket: TracedSocket, reading: Reading) => ToldCall | null): ReadCall =>
  reading => {
    const socket = reading.socket(reading.values[0]);
    return socket ? read(socket, reading) : null;
  };

const plainRead = on((socket, reading) => {
  const [, data, size, flags, from] = reading.values;
  const asked = numberIn(size);
  return received(reading, socket, [pieceOf(data, asked)], asked, flags, from);
});

const vectorRead = on((socket, reading) => {
  const pieces = vectorOf(reading.values[1]);
  return received(reading, socket, pieces, pieces.length > 0 ? sizeOf(pieces) : null, undefined, undefined);
});

const messageRead = on((socket, reading) => {
  const [, message, flags] = reading.values;
  const vector = field(message, 'msg_iov');
  const pieces = vectorOf(vector);
  const size = vector ? sizeOf(pieces) : null;
  return received(reading, socket, pieces, size, flags, field(message, 'msg_name'));
});

const plainWrite = on((socket, { values }) => {
  const [, data, size, flags, to] = values;
  return sent(socket, [pieceOf(data, numberIn(size))], flagsOf(flags), to);
});

const vectorWrite = on((socket, { values }) => sent(socket, vectorOf(values[1]), [], undefined));

const messageWrite = on((socket, { values }) => {
  const [, message, flags] = values;
  return sent(socket, vectorOf(field(message, 'msg_iov')), flagsOf(flags), field(message, 'msg_name'));
});

/** Bytes of a file or a pipe that go out without being seen; `to` and `size` say which arguments are the socket and how many. */
const unseenWrite =
  (to: number, size: number): ReadCall =>
  ({ values, socket }) => {
    const found = socket(values[to]);
    const asked = numberIn(values[size]) ?? 0;
    return found ? sent(found, [{ known: new Uint8Array(), cut: true, size: asked }], [], undefined) : null;
  };

const splice: ReadCall = reading => {
  const source = reading.socket(reading.values[0]);
  if (!source) return unseenWrite(2, 4)(reading);
  return received(reading, source, [], numberIn(reading.values[4]), undefined, undefined);
};

export const transferCalls: ReadCalls = {
  read: plainRead,
  recvfrom: plainRead,
  recv: plainRead,
  readv: vectorRead,
  preadv2: vectorRead,
  recvmsg: messageRead,
  write: plainWrite,
  sendto: plainWrite,
  send: plainWrite,
  writev: vectorWrite,
  pwritev2: vectorWrite,
  sendmsg: messageWrite,
  sendfile: unseenWrite(0, 3),
  splice,
};

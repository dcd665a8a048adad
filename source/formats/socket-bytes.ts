import type { Direction } from '../core/bytes/bytes-wanted.ts';
import { peeks } from '../core/calls/call.ts';
import { calls, made } from '../core/calls/calls.ts';
import { takenOf } from '../core/calls/outcome.ts';
import { throughBuffer } from '../core/fold/fold-transfer.ts';
import type { EndedEntry, Entry } from '../core/model/entry.ts';
import type { BenchState } from '../core/model/state.ts';
import { between, type Piece, pieceOf, piecesLength, receivedPieces } from './pieces.ts';
import { createFileBuffers, sentOf } from './projection/file-buffers.ts';

const none: readonly Piece[] = [];

/** Whether a socket of this name is new with an entry: one that a call has made, or a look has found, may be told again. */
const createBirths = (socket: string) => {
  /** The newest one's number with the kernel; 0: not told yet, null: there is none. */
  let inode: number | null = null;
  return (entry: Entry): boolean => {
    if (entry.kind === 'socket' && entry.name === socket) {
      const isNew = entry.holders.length > 0 && inode !== 0 && inode !== entry.inode;
      inode = entry.holders.length > 0 ? entry.inode : null;
      return isNew;
    }
    if (entry.kind !== 'ended' || entry.outcome.kind !== 'made') return false;
    if (made(entry.call.name) === 'file' || entry.outcome.name !== socket) return false;
    inode = 0;
    return true;
  };
};

/** The socket's bytes of one direction, entry by entry. */
export type SocketBytes = {
  /** What this entry adds: parts whose bytes are gone are there with their length. */
  readonly take: (entry: Entry) => readonly Piece[];
  /** Whether a socket of this name begins with this entry: what came before is another's. */
  readonly begins: (entry: Entry) => boolean;
};

/**
 * Bytes as the calls of one socket returned or took them, its file objects' among them: what a peek saw is not taken, and
 * what waits in a buffer is not sent. `begun` is the state before the first entry.
 */
export const createSocketBytes = (
  socket: string,
  direction: Direction,
  begun: Pick<BenchState, 'files'> | null = null,
): SocketBytes => {
  const buffers = createFileBuffers(begun);
  /** A file object's, once it is closed too: a call may have been inside. */
  const sockets = new Map([...(begun?.files.values() ?? [])].map(file => [file.name, file.socket]));

  const isOwn = ({ call }: EndedEntry): boolean => (sockets.get(call.on) ?? call.on) === socket;

  const received = (entry: EndedEntry): readonly Piece[] => {
    const { call, outcome } = entry;
    if (!isOwn(entry) || outcome.kind !== 'data' || peeks(call)) return none;
    return receivedPieces(outcome.data, outcome.dropped);
  };

  const sent = (entry: EndedEntry): readonly Piece[] => {
    const { call, outcome } = entry;
    const own = isOwn(entry);
    const pieces = own ? (buffers.outgoing(call, outcome) ?? none) : none;
    const whole = piecesLength(pieces);
    const taken = pieces === none ? 0 : sentOf(call, outcome, whole);
    if (own) buffers.ended(call, outcome);
    return taken === 0 ? none : between(pieces, 0, taken);
  };

  return {
    begins: createBirths(socket),
    take: entry => {
      if (entry.kind !== 'ended') return none;
      const { call, outcome } = entry;
      if (outcome.kind === 'made' && made(call.name) === 'file') {
        sockets.set(outcome.name, call.on);
        buffers.open(outcome.name, call.on);
      }
      return direction === 'received' ? received(entry) : sent(entry);
    },
  };
};

/** Of what a call hands over, as many as were taken: by the kernel, or by a file object's buffer. */
const takenBy = ({ call, outcome }: EndedEntry, whole: number): number =>
  calls[call.name].returns === 'length'
    ? throughBuffer({ call, outcome }, whole).came
    : takenOf(outcome, whole);

/** The bytes that one call carried: what it received, or what was taken of what it sends. */
export const bytesOfCall = (entry: EndedEntry): readonly Piece[] => {
  const { call, outcome } = entry;
  if (outcome.kind === 'data') return receivedPieces(outcome.data, outcome.dropped);
  if (!('data' in call)) return none;
  const whole = pieceOf(call.data);
  return between([whole], 0, takenBy(entry, whole.length));
};

import type { Call } from '../../core/calls/call.ts';
import { calls, hasIn } from '../../core/calls/calls.ts';
import { type Outcome, takenOf } from '../../core/calls/outcome.ts';
import { throughBuffer } from '../../core/fold/fold-transfer.ts';
import type { BenchState } from '../../core/model/state.ts';
import { between, droppedPiece, heldPieces, type Piece, type PieceMakers, piecesLength } from '../pieces.ts';

/** What file objects hold back: the bytes that flush, close and a long write send are those of the writes before. */
export type FileBuffers = {
  readonly open: (file: string, socket: string) => void;
  /** The socket a name stands for: itself, or the one behind a file object. */
  readonly socketOf: (name: string) => string;
  readonly isFile: (name: string) => boolean;
  /** File objects still open on a socket: its kernel socket stays open as long. */
  readonly openOn: (socket: string) => number;
  /** What this call hands to the kernel, as far as it has ended, else if all goes well; null where it is none that sends. */
  readonly outgoing: (call: Call, outcome: Outcome | null) => readonly Piece[] | null;
  /** Takes notice of a call on a file object that has ended. */
  readonly ended: (call: Call, outcome: Outcome) => void;
};

type Buffer = { readonly socket: string; held: readonly Piece[] };

/** Bytes of `whole` outgoing ones that the kernel took; a write tells how many it made go on. */
export const sentOf = (call: Call, outcome: Outcome, whole: number): number =>
  Math.min(
    calls[call.name].returns === 'length'
      ? throughBuffer({ call, outcome }, whole).left
      : takenOf(outcome, whole),
    whole,
  );

/** `begun`: the state before the first entry, null where the session begins with nothing. */
export const createFileBuffers = (
  begun: Pick<BenchState, 'files'> | null = null,
  { sent: pieceOf }: PieceMakers = heldPieces,
): FileBuffers => {
  const files = new Map<string, Buffer>();
  const open = (file: string, socket: string, unflushed = 0) => {
    files.set(file, { socket, held: unflushed > 0 ? [droppedPiece(unflushed)] : [] });
  };
  for (const { name, socket, unflushed } of begun?.files.values() ?? []) open(name, socket, unflushed);

  /** A write that has ended well may have left bytes in the buffer, or all of them. */
  const ofWrite = (whole: readonly Piece[], call: Call, outcome: Outcome | null): readonly Piece[] | null => {
    if (outcome === null || outcome.kind === 'error') return whole;
    const sent = sentOf(call, outcome, piecesLength(whole));
    return sent > 0 ? between(whole, 0, sent) : null;
  };

  return {
    open: (file, socket) => open(file, socket),
    socketOf: name => files.get(name)?.socket ?? name,
    isFile: name => files.has(name),
    openOn: socket => [...files.values()].filter(file => file.socket === socket).length,
    outgoing: (call, outcome) => {
      const file = files.get(call.on);
      if (hasIn(call, 'ends', 'descriptor')) return file ? file.held : null;
      if (!hasIn(call, 'moves', 'out')) return null;
      switch (call.name) {
        case 'send':
        case 'sendall':
        case 'sendto':
          return [pieceOf(call.data)];
        case 'write':
          return file ? ofWrite([...file.held, pieceOf(call.data)], call, outcome) : null;
        case 'flush':
          return file ? file.held : null;
      }
    },
    ended: (call, outcome) => {
      const file = files.get(call.on);
      const { moves, ends } = calls[call.name];
      if (!file || !(moves === 'out' || ends === 'descriptor')) return;
      const { came, left } = throughBuffer({ call, outcome }, piecesLength(file.held));
      const whole = came > 0 && 'data' in call ? [...file.held, pieceOf(call.data)] : file.held;
      file.held = between(whole, left, Number.MAX_SAFE_INTEGER);
      if (ends === 'descriptor') files.delete(call.on);
    },
  };
};

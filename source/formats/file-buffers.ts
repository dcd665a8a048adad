import { type Bytes, byteLength } from '../core/bytes.ts';
import type { Call } from '../core/call.ts';
import type { Outcome } from '../core/outcome.ts';
import { between, droppedPiece, type Piece, pieceOf, piecesLength } from './pieces.ts';

/** io.DEFAULT_BUFFER_SIZE of CPython's io module, bytes: a longer write goes past the buffer. */
const bufferSize = 8192;

/** What file objects hold back: the bytes that flush and close send are those of the writes before. */
export type FileBuffers = {
  readonly open: (file: string, socket: string, unflushed?: number) => void;
  /** The socket a name stands for: itself, or the one behind a file object. */
  readonly socketOf: (name: string) => string;
  readonly isFile: (name: string) => boolean;
  /** File objects still open on a socket: its kernel socket stays open as long. */
  readonly openOn: (socket: string) => number;
  /** What this call hands to the kernel if it goes well; null where it is none that sends. */
  readonly outgoing: (call: Call) => readonly Piece[] | null;
  /** Takes notice of a call on a file object that has ended. */
  readonly ended: (call: Call, outcome: Outcome) => void;
};

type Buffer = { readonly socket: string; held: readonly Piece[] };

/** Bytes of the outgoing ones that the kernel took, as the outcome tells. */
export const takenOf = (outcome: Outcome | null, whole: number): number => {
  switch (outcome?.kind) {
    case 'none':
      return whole;
    case 'count':
      return Math.min(outcome.count, whole);
    case 'error':
      return Math.min(outcome.count ?? 0, whole);
    default:
      return 0;
  }
};

export const createFileBuffers = (): FileBuffers => {
  const files = new Map<string, Buffer>();

  const goesThrough = (file: Buffer, data: Bytes): boolean =>
    byteLength(data) > bufferSize - piecesLength(file.held);

  const written = (file: Buffer, data: Bytes, outcome: Outcome) => {
    if (outcome.kind === 'error') file.held = between(file.held, outcome.count ?? 0, Number.MAX_SAFE_INTEGER);
    else file.held = goesThrough(file, data) ? [] : [...file.held, pieceOf(data)];
  };

  return {
    open: (file, socket, unflushed = 0) => {
      files.set(file, { socket, held: unflushed > 0 ? [droppedPiece(unflushed)] : [] });
    },
    socketOf: name => files.get(name)?.socket ?? name,
    isFile: name => files.has(name),
    openOn: socket => [...files.values()].filter(file => file.socket === socket).length,
    outgoing: call => {
      const file = files.get(call.on);
      switch (call.name) {
        case 'send':
        case 'sendall':
        case 'sendto':
          return [pieceOf(call.data)];
        case 'write':
          return file && goesThrough(file, call.data) ? [...file.held, pieceOf(call.data)] : null;
        case 'flush':
        case 'close':
          return file ? file.held : null;
        default:
          return null;
      }
    },
    ended: (call, outcome) => {
      const file = files.get(call.on);
      if (!file) return;
      if (call.name === 'write') written(file, call.data, outcome);
      if (call.name === 'flush')
        file.held = between(file.held, takenOf(outcome, piecesLength(file.held)), Number.MAX_SAFE_INTEGER);
      if (call.name === 'close') files.delete(call.on);
    },
  };
};

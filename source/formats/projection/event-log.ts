import { createColumn } from '../columns.ts';
import { type PieceSource, StoredPiece } from '../pieces.ts';
import type { Connection, EventOf, Side, TcpEvent } from './traffic-events.ts';

type Event = EventOf<TcpEvent>;

const sides: readonly Side[] = ['client', 'server'];

/**
 * What the ends of all conversations did, in the order in which it was told: an event that brought bytes of a session in a file is
 * 48 bytes here, and made anew when it is looked at.
 */
export const createEventLog = () => {
  const [times, conversations, marks, places, starts, lengths] = [0, 0, 0, 0, 0, 0].map(createColumn);
  const sources: PieceSource[] = [];
  const others = new Map<number, Event>();
  let size = 0;
  let most = 0;

  /** A number for where the bytes are from. */
  const sourceOf = (source: PieceSource): number => {
    const known = sources.indexOf(source);
    return known < 0 ? sources.push(source) - 1 : known;
  };

  const isMarked = (event: Event): event is Event & { kind: 'data'; pieces: readonly [StoredPiece] } =>
    event.kind === 'data' && event.pieces.length === 1 && event.pieces[0] instanceof StoredPiece;

  const pieceAt = (row: number): StoredPiece =>
    new StoredPiece(sources[marks!.get(row) >> 1]!, places!.get(row), starts!.get(row), lengths!.get(row));

  const sideAt = (row: number): Side => sides[marks!.get(row) & 1]!;

  return {
    size: () => size,
    timeOf: (row: number) => times!.get(row),
    /** -1: the event was taken out. */
    conversationOf: (row: number) => conversations!.get(row),
    /** How many there are, those that no row is of any more too. */
    conversations: () => most,
    /** Whether it brought bytes, or their end. */
    isProgress: (row: number): boolean => {
      const kind = others.get(row)?.kind ?? 'data';
      return kind === 'data' || kind === 'shut';
    },
    /** Answers its row. */
    push: (conversation: number, event: Event): number => {
      times!.set(size, event.t);
      most = Math.max(most, conversation + 1);
      conversations!.set(size, conversation);
      if (isMarked(event)) {
        const [{ source, place, start, length }] = event.pieces;
        marks!.set(size, sourceOf(source) * 2 + sides.indexOf(event.from));
        places!.set(size, place);
        starts!.set(size, start);
        lengths!.set(size, length);
      } else others.set(size, event);
      return size++;
    },
    take: (row: number) => {
      conversations!.set(row, -1);
      others.delete(row);
    },
    at: (row: number): Event =>
      others.get(row) ?? { kind: 'data', t: times!.get(row), from: sideAt(row), pieces: [pieceAt(row)] },
    /** The same, of this connection. */
    of: (row: number, connection: Connection): TcpEvent => {
      const other = others.get(row);
      if (other) return { ...other, connection };
      return { kind: 'data', t: times!.get(row), connection, from: sideAt(row), pieces: [pieceAt(row)] };
    },
  };
};

export type EventLog = ReturnType<typeof createEventLog>;

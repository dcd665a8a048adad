import type { BytesWanted } from '../../core/bytes/bytes-wanted.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { BenchState } from '../../core/model/state.ts';
import { chunksOf, type Piece, piecesLength } from '../../formats/pieces.ts';
import { begunOf } from '../../formats/projection/projection.ts';
import { bytesOfCall, createSocketBytes } from '../../formats/socket-bytes.ts';
import type { SeeEntries } from './session-file.ts';

/** Goes through the entries of a session from its first to its last; a sentence where they cannot be read. */
export type Walk = (see: SeeEntries) => Promise<string | null>;

/** So many bytes are handed over at once. */
const handedOver = 256 * 1024;

type Picker = {
  readonly take: (entry: Entry) => readonly Piece[];
  readonly begins: (entry: Entry) => boolean;
};

const none: readonly Piece[] = [];

const pickerOf = (wanted: BytesWanted, begun: BenchState | null): Picker => {
  if (wanted.kind === 'socket') return createSocketBytes(wanted.socket, wanted.direction, begun);
  const numbers = new Set(wanted.entries);
  const take = (entry: Entry) => (entry.kind === 'ended' && numbers.has(entry.n) ? bytesOfCall(entry) : none);
  return { take, begins: () => false };
};

/**
 * What a session has of the bytes that are wanted: `known` are there, of `gone` only their number. `from` is the entry that
 * made the socket, 0: it is not there; `earlier` how many sockets had its name before. `before` are those that it moved before
 * the first entry. `sockets`: the names that there are.
 */
export type Survey = {
  readonly known: number;
  readonly gone: number;
  readonly before: number;
  readonly from: number;
  readonly earlier: number;
  readonly found: boolean;
  readonly sockets: readonly string[];
};

const namesIn = (entry: Entry): readonly string[] => {
  if (entry.kind === 'checkpoint') return [...entry.state.sockets.keys()];
  if (entry.kind === 'socket') return [entry.name];
  if (entry.kind !== 'ended' || entry.outcome.kind !== 'made' || entry.call.name === 'makefile') return [];
  return [entry.outcome.name];
};

const lengthOf = (pieces: readonly Piece[], isKnown: boolean): number =>
  piecesLength(pieces.filter(({ bytes }) => (bytes.kind !== 'dropped') === isKnown));

/** A sentence where the session cannot be read. */
export const survey = async (walk: Walk, wanted: BytesWanted): Promise<Survey | string> => {
  const sockets = new Set<string>();
  let picker: Picker | undefined;
  let [known, gone, before, from, births] = [0, 0, 0, 0, 0];
  const trouble = await walk(entries => {
    const begun = begunOf(entries[0]);
    if (!picker && wanted.kind === 'socket')
      before = begun?.sockets.get(wanted.socket)?.[wanted.direction] ?? 0;
    picker ??= pickerOf(wanted, begun);
    for (const entry of entries) {
      for (const name of namesIn(entry)) sockets.add(name);
      if (picker.begins(entry)) {
        [known, gone, before] = [0, 0, 0];
        from = entry.n;
        births++;
      }
      const pieces = picker.take(entry);
      if (pieces.length === 0) continue;
      known += lengthOf(pieces, true);
      gone += lengthOf(pieces, false);
    }
  });
  if (trouble !== null) return trouble;
  const found = wanted.kind === 'entries' || sockets.has(wanted.socket);
  return { known, gone, before, from, earlier: Math.max(0, births - 1), found, sockets: [...sockets].sort() };
};

/** A copy of what was received: a journal that lets go of it meanwhile has its memory written again. */
const owned = (piece: Piece): Piece => {
  const { bytes, start, length } = piece;
  if (bytes.kind !== 'literal') return piece;
  const data = Uint8Array.prototype.slice.call(bytes.data, start, start + length);
  return { bytes: { ...bytes, data }, start: 0, length };
};

/** The known bytes of them in order, from the entry `from` on. A sentence where the session cannot be read. */
export const walkBytes = (
  walk: Walk,
  wanted: BytesWanted,
  from: number,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<string | null> => {
  let picker: Picker | undefined;
  return walk(async entries => {
    picker ??= pickerOf(wanted, begunOf(entries[0]));
    const held: Piece[] = [];
    for (const entry of entries) {
      const pieces = picker.take(entry);
      if (entry.n >= from) for (const piece of pieces) held.push(owned(piece));
    }
    for (const { data } of chunksOf(held, handedOver)) if (data) await write(data);
  });
};

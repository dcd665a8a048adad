import { byteLength, slice } from '../../core/bytes/bytes.ts';
import { calls } from '../../core/calls/calls.ts';
import { takenOf } from '../../core/calls/outcome.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { SocketState } from '../../core/model/state.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import { t } from '../../core/words/translate.ts';

/**
 * A piece of a socket's traffic, as one call gave or took it. `out` is what this socket sent. `total` is its length;
 * `note` says what the bytes do not: EOF, a reset, a buffer that they wait in.
 */
export type Chunk = {
  readonly n: number;
  readonly t: number;
  readonly out: boolean;
  readonly total: number;
  readonly note: string;
  /** The start of it, as far as the journal still holds it: read when it is drawn, since its memory is used again. */
  readonly data: () => Uint8Array;
};

/** Entries of a socket's history that are looked at, bytes shown of one call, and of all. */
const depth = 2_000;
const shownBytes = 16_384;
const shownInAll = 16 * shownBytes;

const noBytes = new Uint8Array(0);

const sentData = ({ call, outcome }: EndedEntry): Uint8Array => {
  if (!('data' in call)) return noBytes;
  const size = byteLength(call.data);
  return slice(call.data, 0, Math.min(takenOf(outcome, size), size, shownBytes));
};

const receivedData = ({ outcome }: EndedEntry): Uint8Array =>
  outcome.kind === 'data' ? outcome.data.subarray(0, shownBytes) : noBytes;

type Piece = Pick<Chunk, 'out' | 'total' | 'note'>;

const sent = ({ call, outcome }: EndedEntry): Piece | null => {
  if (!('data' in call)) return null;
  const total = takenOf(outcome, byteLength(call.data));
  if (outcome.kind === 'error') return total === 0 ? null : { out: true, total, note: outcome.code };
  const waits = calls[call.name].returns === 'length' && outcome.kind === 'count' && !outcome.passed;
  return { out: true, total, note: waits ? t`in ${call.on} until it is flushed` : '' };
};

const received = ({ call, outcome }: EndedEntry): Piece | null => {
  if (outcome.kind === 'error')
    return outcome.code === 'ECONNRESET' ? { out: false, total: 0, note: t('reset by the peer') } : null;
  if (outcome.kind !== 'data' || ('flags' in call && call.flags?.includes('MSG_PEEK'))) return null;
  const total = outcome.data.length + (outcome.dropped ?? 0);
  return { out: false, total, note: isEof(outcome, call) ? t('EOF: the peer sends no more') : '' };
};

const halfClosed = (): Piece => ({ out: true, total: 0, note: t('half-closed: this side sends no more') });

const pieceOf = (entry: EndedEntry): Piece | null => {
  const { moves, ends } = calls[entry.call.name];
  if (ends === 'direction') return entry.outcome.kind === 'error' ? null : halfClosed();
  switch (moves) {
    case 'out':
      return sent(entry);
    case 'in':
      return received(entry);
    case null:
      return null;
  }
};

const chunkOf = (entry: Entry, journal: Journal): Chunk | null => {
  const piece = entry.kind === 'ended' ? pieceOf(entry) : null;
  if (!piece) return null;
  const data = () => {
    const held = journal.at(entry.n);
    if (held?.kind !== 'ended') return noBytes;
    return piece.out ? sentData(held) : receivedData(held);
  };
  return { n: entry.n, t: entry.t, ...piece, data };
};

/** An accepted socket's history goes on into its listener's. */
const isBirth = (entry: Entry, name: string): boolean =>
  entry.kind === 'ended' && entry.outcome.kind === 'made' && entry.outcome.name === name;

type Walked = {
  /** Newest first. */
  readonly chunks: readonly Chunk[];
  /** The entry that comes next on the way back; 0: there is none. */
  readonly next: number;
};

/** A socket's history back to the entry `until`, or as far as is shown. */
const walkBack = (journal: Journal, socket: Subject, until: number): Walked => {
  const chunks: Chunk[] = [];
  let shown = 0;
  let n = socket.last;
  for (let steps = 0; n > until && steps < depth && shown < shownInAll; steps++) {
    const entry = journal.at(n);
    if (!entry) break;
    const chunk = chunkOf(entry, journal);
    if (chunk) chunks.push(chunk);
    shown += Math.min(chunk?.total ?? 0, shownBytes);
    n = isBirth(entry, socket.name) ? 0 : entry.prev;
  }
  return { chunks, next: n };
};

/** As many of the newest as are shown. */
const newest = (chunks: readonly Chunk[]): readonly Chunk[] => {
  let from = chunks.length;
  for (let shown = 0; from > 0 && chunks.length - from < depth && shown < shownInAll; ) {
    from--;
    shown += Math.min(chunks[from]!.total, shownBytes);
  }
  return chunks.slice(from);
};

type Subject = Pick<SocketState, 'name' | 'last'>;

export type Stream = { readonly chunks: readonly Chunk[]; readonly cut: boolean };

type Known = Stream & { readonly last: number };

/**
 * Both directions of a socket's traffic in the order of the journal, oldest first; `cut` where older entries were
 * left out. Only what came since the last look is walked.
 */
export const createStreams = (journal: Journal) => {
  const known = new Map<string, Known>();
  return (socket: Subject): Stream => {
    const { name, last } = socket;
    const kept = known.get(name);
    if (kept && kept.last === last) return kept;
    // In a replay the time may have gone back.
    const before = kept && kept.last < last ? kept : undefined;
    const { chunks: fresh, next } = walkBack(journal, socket, before?.last ?? 0);
    const goesOn = before !== undefined && next === before.last;
    const all = [...(goesOn ? before.chunks : []), ...fresh.toReversed()];
    const chunks = newest(all);
    const cut = chunks.length < all.length || (goesOn ? before.cut : next !== 0);
    const stream = { last, chunks, cut };
    if (known.size > 8) known.clear();
    known.set(name, stream);
    return stream;
  };
};

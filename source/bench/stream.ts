import type { Bytes } from '../core/bytes.ts';
import { byteLength, slice } from '../core/bytes.ts';
import type { EndedEntry } from '../core/entry.ts';
import type { Journal } from '../core/journal.ts';
import type { SocketState } from '../core/state.ts';

/**
 * A piece of a socket's traffic, as one call gave or took it. `out` is what this socket sent. `total` is its length,
 * of which `data` holds the start; `note` says what the bytes do not: EOF, a reset, what the cap took away.
 */
export type Chunk = {
  readonly n: number;
  readonly t: number;
  readonly out: boolean;
  readonly data: Uint8Array;
  readonly total: number;
  readonly note: string;
};

/** Entries of a socket's history that are looked at, and bytes shown of one call. */
const depth = 2_000;
const shownBytes = 16_384;

const noBytes = new Uint8Array(0);

const sentData = (data: Bytes, count: number): Uint8Array =>
  slice(data, 0, Math.min(count, byteLength(data), shownBytes));

const sentChunk = (entry: EndedEntry): Chunk | null => {
  const { call, outcome } = entry;
  if (!('data' in call) || call.name === 'write') return null;
  const count =
    outcome.kind === 'count'
      ? outcome.count
      : outcome.kind === 'none'
        ? byteLength(call.data)
        : outcome.kind === 'error'
          ? (outcome.count ?? 0)
          : 0;
  const note = outcome.kind === 'error' ? outcome.code : '';
  if (count === 0 && note !== '') return null;
  return { n: entry.n, t: entry.t, out: true, data: sentData(call.data, count), total: count, note };
};

const receivedChunk = (entry: EndedEntry): Chunk | null => {
  const { call, outcome } = entry;
  if (outcome.kind === 'error') {
    if (outcome.code !== 'ECONNRESET') return null;
    return { n: entry.n, t: entry.t, out: false, data: noBytes, total: 0, note: 'reset by the peer' };
  }
  if (outcome.kind !== 'data' || ('flags' in call && call.flags?.includes('MSG_PEEK'))) return null;
  const dropped = outcome.dropped ?? 0;
  const size = outcome.data.length + dropped;
  const end = size === 0 && call.name !== 'recvfrom' && !('size' in call && call.size === 0);
  const note = end ? 'EOF: the peer sends no more' : dropped > 0 ? `${dropped} bytes no longer kept` : '';
  return {
    n: entry.n,
    t: entry.t,
    out: false,
    data: outcome.data.subarray(0, shownBytes),
    total: size,
    note,
  };
};

const chunkOf = (entry: EndedEntry): Chunk | null => {
  switch (entry.call.name) {
    case 'send':
    case 'sendall':
    case 'sendto':
      return sentChunk(entry);
    case 'shutdown':
      if (entry.outcome.kind === 'error') return null;
      return {
        n: entry.n,
        t: entry.t,
        out: true,
        data: noBytes,
        total: 0,
        note: 'half-closed: this side sends no more',
      };
    case 'recv':
    case 'recvfrom':
    case 'read':
    case 'readline':
      return receivedChunk(entry);
    default:
      return null;
  }
};

export type Stream = { readonly chunks: readonly Chunk[]; readonly cut: boolean };

type Known = { last: number; chunks: Chunk[]; cut: boolean };

/**
 * Both directions of a socket's traffic in the order of the journal, oldest first; `cut` where older entries were
 * left out. Only what came since the last look is walked.
 */
export const createStreams = (journal: Journal) => {
  const known = new Map<string, Known>();
  return (socket: Pick<SocketState, 'name' | 'last'>): Stream => {
    const kept = known.get(socket.name);
    if (kept && kept.last === socket.last) return kept;
    // In a replay the time may have gone back.
    const before = kept && kept.last < socket.last ? kept : undefined;
    const fresh: Chunk[] = [];
    let n = socket.last;
    let steps = 0;
    while (n > (before?.last ?? 0) && steps < depth) {
      const entry = journal.at(n);
      if (!entry) break;
      const chunk = entry.kind === 'ended' ? chunkOf(entry) : null;
      if (chunk) fresh.push(chunk);
      n = entry.prev;
      steps++;
    }
    fresh.reverse();
    const joined = before && n === before.last ? [...before.chunks, ...fresh] : fresh;
    const cut = (n !== 0 && n !== before?.last) || joined.length > depth || (before?.cut ?? false);
    const next = { last: socket.last, chunks: joined.slice(-depth), cut };
    if (known.size > 8) known.clear();
    known.set(socket.name, next);
    return next;
  };
};

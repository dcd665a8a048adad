import { type Bytes, byteLength } from '../bytes/bytes.ts';
import { type Call, dataOf } from '../calls/call.ts';
import { EndedRows } from './ended-rows.ts';
import type { EndedEntry, Entry, Linked } from './entry.ts';

/** How much the journal holds: newest `entries` entries, and of those payloads of at most `bytes` bytes. */
export type Caps = { readonly entries: number; readonly bytes: number };

export const defaultCaps: Caps = { entries: 100_000, bytes: 64 * 1024 * 1024 };

/**
 * The append-only list of entries, bounded. Entries are numbered from 1; `at` answers undefined for one that
 * was dropped or is still to come. What the caps take away is counted, never silently gone.
 */
export type Journal = {
  readonly at: (n: number) => Entry | undefined;
  /** Number of the oldest entry still held; last + 1 where none is. */
  readonly first: () => number;
  readonly last: () => number;
  readonly droppedBytes: () => number;
  /** Entries from..to (inclusive) that are still held, oldest first. */
  readonly slice: (from: number, to: number) => Entry[];
};

/** One that entries come to as they are made. */
export type LiveJournal = Journal & {
  /** Whether it keeps no bytes at all. */
  readonly bare: boolean;
  readonly append: (entry: Entry) => void;
  /** What an entry is linked with, to be changed. */
  readonly linksAt: (n: number) => Linked | undefined;
  /** Lets go of the bytes of an entry that is still to be appended. */
  readonly strip: (entry: EndedEntry) => void;
};

const empty: Uint8Array = new Uint8Array(0);

/** Bytes as they are; of a file, those that have been read from it. */
type Held = Extract<Bytes, { kind: 'literal' | 'file' }>;

/** Bytes that a call keeps alive to send them. A repeat is a few words. */
const heldBy = (call: Call): Held | undefined => {
  const data = dataOf(call);
  return data?.kind === 'literal' || data?.kind === 'file' ? data : undefined;
};

/** Leaves how many bytes they were. */
const withoutData = (call: Call, held: Held): Call =>
  ({ ...call, data: { kind: 'dropped', size: byteLength(held) } }) as Call;

/** What is kept alive of bytes by an entry, that its call received or sent. */
type Payload = { readonly received: Uint8Array; readonly held: Held | undefined };

const noPayload: Payload = { received: empty, held: undefined };

const payloadOf = (entry: Entry): Payload => {
  if (entry.kind !== 'ended') return noPayload;
  const { call, outcome } = entry;
  return { received: outcome.kind === 'data' ? outcome.data : empty, held: heldBy(call) };
};

const sizeOf = ({ received, held }: Payload): number => received.length + (held ? byteLength(held) : 0);

/**
 * Hears of each entry in order, with the bytes that it has just let go of. The entry, which holds none any more, is made where it is asked
 * for, and only there.
 */
export type LetGo = (entry: () => Entry, received: Uint8Array, sent: Uint8Array) => void;

/** Takes an entry's bytes away and leaves how many they were. */
const dropPayload = (entry: Entry, { received, held }: Payload): void => {
  if (entry.kind !== 'ended') return;
  const { call, outcome } = entry;
  if (outcome.kind === 'data' && received.length > 0)
    entry.outcome = { ...outcome, data: empty, dropped: received.length };
  if (held) entry.call = withoutData(call, held);
};

/** The newest `size` entries by their numbers. */
class Ring {
  private readonly size: number;
  private readonly rows: EndedRows;
  /** Entries that have no row, by the place of it. */
  private readonly others: (Entry | undefined)[] = [];

  constructor(size: number) {
    this.size = size;
    this.rows = new EndedRows(size);
  }

  put(entry: Entry): void {
    const row = entry.n % this.size;
    const hasRow = entry.kind === 'ended' && this.rows.put(row, entry);
    if (!hasRow) this.rows.clear(row);
    this.others[row] = hasRow ? undefined : entry;
  }

  at(n: number): Entry {
    const row = n % this.size;
    return this.others[row] ?? this.rows.at(row, n);
  }

  payloadAt(n: number): Payload {
    const row = n % this.size;
    const other = this.others[row];
    if (other) return payloadOf(other);
    return { received: this.rows.receivedAt(row), held: heldBy(this.rows.callAt(row)) };
  }

  /** What the entry is without these bytes, which are all that it has. One without a row somebody else may have. */
  without(n: number, payload: Payload): () => Entry {
    const other = this.others[n % this.size];
    if (other) dropPayload(other, payload);
    return () => {
      if (!other) this.drop(n, payload);
      return this.at(n);
    };
  }

  /** Takes these bytes away, which are all that it has. */
  drop(n: number, payload: Payload): void {
    const row = n % this.size;
    const other = this.others[row];
    if (other) return dropPayload(other, payload);
    this.rows.dropReceived(row);
    if (payload.held) this.rows.setCall(row, withoutData(this.rows.callAt(row), payload.held));
  }

  linksAt(n: number): Linked {
    const row = n % this.size;
    return this.others[row] ?? this.rows.linksAt(row);
  }
}

export const createJournal = (caps: Caps = defaultCaps, letGo: LetGo = () => {}): LiveJournal => {
  const ring = new Ring(caps.entries);
  let first = 1;
  let last = 0;
  let held = 0;
  let droppedBytes = 0;
  /** Oldest entry whose payload is still whole. */
  let whole = 1;

  const isHeld = (n: number): boolean => n >= first && n <= last;

  const tell = (payload: Payload, entry: () => Entry) =>
    letGo(entry, payload.received, payload.held?.data ?? empty);

  const shedPayloads = () => {
    for (; held > caps.bytes && whole <= last; whole++) {
      const n = whole;
      const payload = ring.payloadAt(n);
      const bytes = sizeOf(payload);
      ring.drop(n, payload);
      tell(payload, () => ring.at(n));
      held -= bytes;
      droppedBytes += bytes;
    }
  };

  /** The oldest goes, to make room for another. */
  const forget = () => {
    const n = first;
    if (whole <= n) {
      const payload = ring.payloadAt(n);
      held -= sizeOf(payload);
      tell(payload, ring.without(n, payload));
      whole = n + 1;
    }
    first++;
  };

  return {
    bare: caps.bytes === 0,
    strip: entry => {
      const payload = payloadOf(entry);
      droppedBytes += sizeOf(payload);
      dropPayload(entry, payload);
      tell(payload, () => entry);
    },
    append: entry => {
      last = entry.n;
      if (last - first >= caps.entries) forget();
      ring.put(entry);
      held += sizeOf(payloadOf(entry));
      if (held > caps.bytes) shedPayloads();
    },
    at: n => (isHeld(n) ? ring.at(n) : undefined),
    linksAt: n => (isHeld(n) ? ring.linksAt(n) : undefined),
    first: () => first,
    last: () => last,
    droppedBytes: () => droppedBytes,
    slice: (from, to) => {
      const entries: Entry[] = [];
      for (let n = Math.max(from, first); n <= Math.min(to, last); n++) entries.push(ring.at(n));
      return entries;
    },
  };
};

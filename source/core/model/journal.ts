import { byteLength } from '../bytes/bytes.ts';
import type { EndedEntry, Entry } from './entry.ts';

/** How much the journal holds: newest `entries` entries, and of those payloads of at most `bytes` bytes. */
export type Caps = { readonly entries: number; readonly bytes: number };

export const defaultCaps: Caps = { entries: 100_000, bytes: 64 * 1024 * 1024 };

/**
 * The append-only list of entries, bounded. Entries are numbered from 1; `at` answers undefined for one that
 * was dropped or is still to come. What the caps take away is counted, never silently gone.
 */
export type Journal = {
  readonly append: (entry: Entry) => void;
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
  /** Lets go of the bytes of an entry that is still to be appended. */
  readonly strip: (entry: EndedEntry) => void;
};

const empty: Uint8Array = new Uint8Array(0);

/** Bytes that an entry keeps alive: what its call sent or received. A repeat is a few words. */
const payloadOf = (entry: Entry): number => {
  if (entry.kind !== 'ended') return 0;
  const { call, outcome } = entry;
  const received = outcome.kind === 'data' ? outcome.data.length : 0;
  const isHeld = 'data' in call && (call.data.kind === 'literal' || call.data.kind === 'file');
  return received + (isHeld ? byteLength(call.data) : 0);
};

/** Hears of each entry in order once it holds no bytes any more, with those that it has just let go of. */
export type LetGo = (entry: Entry, received: Uint8Array, sent: Uint8Array) => void;

/** Takes an entry's bytes away and leaves how many they were. */
const dropPayload = (entry: Entry, letGo: LetGo): void => {
  let [received, sent] = [empty, empty];
  if (entry.kind === 'ended') {
    const { call, outcome } = entry;
    if (outcome.kind === 'data' && outcome.data.length > 0) {
      entry.outcome = { ...outcome, data: empty, dropped: outcome.data.length };
      received = outcome.data;
    }
    if ('data' in call && (call.data.kind === 'literal' || call.data.kind === 'file')) {
      entry.call = { ...call, data: { kind: 'dropped', size: byteLength(call.data) } };
      sent = call.data.data ?? empty;
    }
  }
  letGo(entry, received, sent);
};

export const createJournal = (caps: Caps = defaultCaps, letGo: LetGo = () => {}): LiveJournal => {
  const ring: (Entry | undefined)[] = [];
  let first = 1;
  let last = 0;
  let held = 0;
  let droppedBytes = 0;
  /** Oldest entry whose payload is still whole. */
  let whole = 1;

  const shedPayloads = () => {
    while (held > caps.bytes && whole <= last) {
      const entry = ring[whole % caps.entries]!;
      const bytes = payloadOf(entry);
      dropPayload(entry, letGo);
      held -= bytes;
      droppedBytes += bytes;
      whole++;
    }
  };

  return {
    bare: caps.bytes === 0,
    strip: entry => {
      droppedBytes += payloadOf(entry);
      dropPayload(entry, letGo);
    },
    append: entry => {
      last = entry.n;
      if (last - first >= caps.entries) {
        const oldest = ring[first % caps.entries]!;
        if (whole <= first) {
          held -= payloadOf(oldest);
          dropPayload(oldest, letGo);
          whole = first + 1;
        }
        first++;
      }
      ring[last % caps.entries] = entry;
      held += payloadOf(entry);
      if (held > caps.bytes) shedPayloads();
    },
    at: n => (n >= first && n <= last ? ring[n % caps.entries] : undefined),
    first: () => first,
    last: () => last,
    droppedBytes: () => droppedBytes,
    slice: (from, to) => {
      const entries: Entry[] = [];
      for (let n = Math.max(from, first); n <= Math.min(to, last); n++) entries.push(ring[n % caps.entries]!);
      return entries;
    },
  };
};

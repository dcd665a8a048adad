import { absorb } from '../../core/fold/absorb.ts';
import { findingDrafts } from '../../core/fold/findings.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import type { LiveJournal } from '../../core/model/journal.ts';
import type { Sink } from '../../core/model/sink.ts';
import type { BenchState } from '../../core/model/state.ts';
import type { Clock } from './clock.ts';
import type { FlightList } from './flight-list.ts';
import { createFlushPace } from './flush-pace.ts';
import { createInbox, type Inbox, type Most } from './inbox.ts';
import { createRecordings, type Recordings } from './recordings.ts';

/** A checkpoint entry holds the whole state, so that saving, replay and stepping back can start there. */
const checkpointEvery = 10_000;

/** Received bytes that may wait for the flush, of which a fast stream has 60 MB in a frame: a fold of few costs as much as one of many. */
const mostKept = 4 << 20;

/** The same where they are copied or encoded on the way: of what a processor's own cache holds that takes less. */
const mostRead = 512 << 10;

/** Calls that have ended, likewise: entries that do not live on until the next collection cost it nothing. */
export const mostEnded = 2_500;

/** And so many a socket, since each fold of many sockets copies the map of them, and tells which calls are in flight. */
const mostEndedEach = 4;

const mostWaiting = (recordings: Recordings, state: () => BenchState): Most => ({
  bytes: () => (recordings.readBytes() ? mostRead : mostKept),
  ends: () => Math.max(mostEnded, mostEndedEach * state().sockets.size),
});

export type FlusherOptions = {
  readonly journal: LiveJournal;
  readonly clock: Clock;
  readonly now: () => number;
  readonly first: BenchState;
  /** The bench's calls in flight. */
  readonly flights: FlightList;
};

export type SendProgress = { readonly id: number; readonly bytes: number };

/** From the inbox to the journal and the state: one fold and one notification a flush. */
export type Flusher = {
  readonly inbox: Inbox;
  readonly state: () => BenchState;
  readonly flush: () => void;
  readonly subscribe: (listener: (state: BenchState) => void) => () => void;
  /** How far sends in flight have got, where that changed since it was last told. */
  readonly progress: () => SendProgress[];
  /** To a recording too, which gets every entry before it can be dropped. Returns how to stop. */
  readonly record: (sink: Sink) => () => void;
  /** A recording that has no room now. */
  readonly full: () => Sink | undefined;
  readonly stop: () => void;
};

/** How far sends have got beyond what the state says of them. */
const progressOf = ({ calls }: BenchState, flights: FlightList): SendProgress[] =>
  flights
    .filter(({ id }) => calls.has(id))
    .map(({ id, running }) => ({ id, bytes: running?.taken() ?? 0 }))
    .filter(({ id, bytes }) => bytes !== calls.get(id)!.taken);

/** Where nobody will look at bytes they do not wait for the flush: what comes next lands where they were, in the processor's cache. */
const unlooked = (journal: LiveJournal, recordings: Recordings) => (entry: EndedEntry) => {
  if (journal.bare && !recordings.readBytes()) journal.strip(entry);
};

export const createFlusher = (options: FlusherOptions): Flusher => {
  const { journal, clock, now, flights } = options;
  const listeners = new Set<(state: BenchState) => void>();
  const recordings = createRecordings();
  let state = options.first;
  /** Entries since listeners were told. */
  let taken = 0;
  let checkpointAt = checkpointEvery;
  /** The state has changed since the listeners were told. */
  let untold = false;

  const take = (entries: readonly Entry[]) => {
    recordings.take(entries);
    state = absorb(state, entries, journal);
    taken += entries.length;
    untold = true;
  };

  /** Into the journal, whose caps let go of what is too much; listeners hear of it with the flush. */
  const drain = () => {
    if (inbox.size() > 0) take(inbox.take(journal.last() + 1));
  };

  const pace = createFlushPace({
    clock,
    now,
    untold: () => taken + inbox.size(),
    drain,
    flush: () => flush(),
  });
  const most = mostWaiting(recordings, () => state);
  const inbox = createInbox(pace.due, drain, most, unlooked(journal, recordings));

  const checkpoint = () => {
    if (journal.last() < checkpointAt) return;
    checkpointAt = journal.last() + checkpointEvery;
    take([{ kind: 'checkpoint', t: now(), n: journal.last() + 1, prev: 0, state }]);
  };

  const flush = () => {
    pace.flushed();
    drain();
    if (!untold) return;
    const findings = findingDrafts(state);
    if (findings.length > 0) {
      let n = journal.last();
      take(findings.map(draft => ({ ...draft, n: ++n, prev: 0 }) as Entry));
    }
    checkpoint();
    state = { ...state, dropped: journal.first() - 1, droppedBytes: journal.droppedBytes() };
    untold = false;
    taken = 0;
    for (const listener of listeners) listener(state);
  };

  return {
    inbox,
    record: recordings.add,
    full: recordings.full,
    state: () => state,
    flush,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    progress: () => progressOf(state, flights),
    stop: pace.stop,
  };
};

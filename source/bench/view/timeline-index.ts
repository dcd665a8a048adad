import type { ActorId } from '../../core/model/actors.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type DeadlockSpan, DeadlockSpans } from './deadlock-spans.ts';

/**
 * A thread's calls that have ended, oldest first: a thread runs one at a time, so they never overlap. Parallel lists,
 * times in ms since the bench began. `failures[i]` counts those that failed among the first i.
 */
export type Track = {
  /** Whose thread it is. */
  readonly actor: ActorId | '';
  readonly starts: number[];
  readonly ends: number[];
  readonly entries: number[];
  readonly failures: number[];
  /** Times in which at least one call waited in the thread's queue, oldest first, apart from each other. */
  readonly waitStarts: number[];
  readonly waitEnds: number[];
  /** The entry of a call that waited then. */
  readonly waitEntries: number[];
};

/** What each thread did, by thread. */
export type TimelineIndex = {
  /**
   * Tracks up to this entry, and perhaps beyond it (a replay goes back): `until` says how far to read. Looks at each
   * entry once, and at none before it is asked.
   */
  readonly tracks: (last: number) => ReadonlyMap<string, Track>;
  /** Deadlocks as they were known at this entry, oldest first. */
  readonly deadlocks: (last: number) => readonly DeadlockSpan[];
};

/** Index of the first element that is at least (or, `after`, more than) `value` in an ascending list. */
export const firstFrom = (list: readonly number[], value: number, after = false): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (after ? list[middle]! > value : list[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** How many of a track's calls are in entries up to `last`. */
export const until = ({ entries }: Track, last: number): number => firstFrom(entries, last, true);

const emptyTrack = (actor: ActorId | ''): Track => ({
  actor,
  starts: [],
  ends: [],
  entries: [],
  failures: [0],
  waitStarts: [],
  waitEnds: [],
  waitEntries: [],
});

const addCall = (track: Track, start: number, entry: EndedEntry): void => {
  const failed = entry.outcome.kind === 'error' ? 1 : 0;
  track.starts.push(start);
  track.ends.push(entry.t);
  track.entries.push(entry.n);
  track.failures.push(track.failures.at(-1)! + failed);
};

/** Calls leave a queue in the order they came, but for those cancelled in it: what overlaps becomes one time. */
const addWait = ({ waitStarts, waitEnds, waitEntries }: Track, from: number, to: number, n: number): void => {
  let start = from;
  let end = to;
  while (waitEnds.length > 0 && waitEnds.at(-1)! >= start) {
    start = Math.min(start, waitStarts.pop()!);
    end = Math.max(end, waitEnds.pop()!);
    waitEntries.pop();
  }
  waitStarts.push(start);
  waitEnds.push(end);
  waitEntries.push(n);
};

/** Most threads of a sweep have nothing to let go of: they are only looked at. */
const drop = (lists: readonly number[][], count: number): void => {
  if (count > 0) for (const list of lists) list.splice(0, count);
};

const dropBefore = (track: Track, first: number): void => {
  const { starts, ends, entries, failures, waitStarts, waitEnds, waitEntries } = track;
  drop([starts, ends, entries, failures], firstFrom(entries, first));
  drop([waitStarts, waitEnds, waitEntries], firstFrom(waitEntries, first));
};

/** Entries that the journal lets go of before their calls are let go of here: a thread of a short life takes 1 KiB. */
const slack = 10_000;

/** Follows the journal's ended calls, thread by thread. Holds those of the journal's entries, and of `slack` more at most. */
export const createTimelineIndex = (journal: Journal): TimelineIndex => {
  const tracks = new Map<string, Track>();
  const deadlocks = new DeadlockSpans();
  let scanned = 0;
  /** Up to where the journal had let go of entries at the last sweep. */
  let swept = 0;

  const take = (entry: EndedEntry): void => {
    let track = tracks.get(entry.thread);
    if (!track) {
      track = emptyTrack(entry.actor);
      tracks.set(entry.thread, track);
    }
    if (entry.startedAt !== null) addCall(track, entry.startedAt, entry);
    const left = entry.startedAt ?? entry.t;
    if (left > entry.queuedAt) addWait(track, entry.queuedAt, left, entry.n);
  };

  const sweep = (first: number): void => {
    swept = first;
    for (const [thread, track] of tracks) {
      dropBefore(track, first);
      if (track.entries.length + track.waitEntries.length === 0) tracks.delete(thread);
    }
  };

  const scan = (last: number): void => {
    const first = journal.first();
    scanned = Math.max(scanned, first - 1);
    while (scanned < last) {
      const entry = journal.at(++scanned);
      if (!entry) continue;
      deadlocks.take(entry);
      if (entry.kind === 'ended' && entry.thread !== '' && !entry.aside) take(entry);
    }
    if (first - swept >= slack) sweep(first);
  };

  return {
    tracks: last => {
      scan(last);
      return tracks;
    },
    deadlocks: last => {
      scan(last);
      return deadlocks.upTo(last);
    },
  };
};

import { fold } from '../../core/fold/fold.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type BenchState, initialState, type Start } from '../../core/model/state.ts';
import type { ReplayControl } from '../view/replay-view.ts';
import type { Shows } from '../view/view.ts';
import { type Clock, systemClock } from './clock.ts';
import { type EntryList, listOf } from './entry-list.ts';
import { ReplayCursor } from './replay-cursor.ts';
import type { Source } from './source.ts';

/** What a session of any length comes with, so that it need not be folded again. */
export type Prepared = {
  readonly entries: EntryList;
  /** Number of the first entry. */
  readonly first: number;
  /** The states before the first entry, and after each `every` entries. */
  readonly states: readonly BenchState[];
  readonly every: number;
  readonly shows: Shows;
};

/** A session as it was read: entries in order, numbered without gaps, linked. */
export type Recorded = {
  readonly entries: readonly Entry[] | Prepared;
  /** Wall-clock ms since 1970 of t = 0. */
  readonly began: number;
  /** How the bench began; absent: with its loops on. */
  readonly start?: Start;
  readonly cut: boolean;
};

export type Replay = { readonly source: Source<'replay'>; readonly control: ReplayControl };

/** Between two kept states; going back folds at most this many entries. */
const keepEvery = 1_000;

/** States of a recorded session by index: folded once forwards, and kept every so often to go back from. */
const createStates = ({ entries, states, every }: Prepared) => {
  const kept = [...states];
  /** Where the last asking was: what comes after it goes on from there. */
  let newest = { count: 0, state: kept[0]! };
  /** The state after `count` entries. */
  return (count: number): BenchState => {
    const whole = Math.floor(count / every);
    while (kept.length <= whole) {
      const from = (kept.length - 1) * every;
      kept.push(fold(kept.at(-1)!, entries.slice(from, from + every)));
    }
    const near = newest.count <= count && newest.count > whole * every;
    const from = near ? newest : { count: whole * every, state: kept[whole]! };
    newest = { count, state: fold(from.state, entries.slice(from.count, count)) };
    return newest.state;
  };
};

/** Finds what a session shows: processes, where no program of the bench's has made a call. */
export const createShows = () => {
  let programs = false;
  let processes = false;
  return {
    take: (entry: Entry) => {
      programs ||= 'actor' in entry && entry.actor !== '' && isProgram(entry.actor);
      processes ||=
        entry.kind === 'process' || (entry.kind === 'checkpoint' && entry.state.processes.size > 0);
    },
    shows: (): Shows => (processes && !programs ? 'processes' : 'programs'),
  };
};

/** A session that is in memory whole: its states are folded as they are asked for. */
const prepared = (entries: readonly Entry[], start: Start | undefined): Prepared => {
  const [head] = entries;
  // What a file says of how many entries there are is looked through, one by one, by whoever shows the newest.
  const begun =
    head?.kind === 'checkpoint'
      ? { ...head.state, entries: Math.min(head.state.entries, head.n) }
      : initialState(start?.policy, start?.loops);
  const { take, shows } = createShows();
  for (const entry of entries) take(entry);
  const [first, every] = [head?.n ?? 1, keepEvery];
  return { entries: listOf(entries), first, states: [begun], every, shows: shows() };
};

/** What had come when `count` entries had. */
const createJournalUpTo = (entries: EntryList, first: number, count: () => number): Journal => ({
  at: n => (n - first < count() ? entries.at(n - first) : undefined),
  first: () => first,
  last: () => first + count() - 1,
  droppedBytes: () => 0,
  slice: (from, to) => entries.slice(Math.max(0, from - first), Math.min(count(), to - first + 1)),
});

/** A recorded session under a time cursor that begins at its end. */
export const createReplay = (
  { entries: recorded, began, start, cut }: Recorded,
  clock: Clock = systemClock,
): Replay => {
  const session = 'states' in recorded ? recorded : prepared(recorded, start);
  const { entries, first } = session;
  const begun = initialState(start?.policy, start?.loops);
  const stateAfter = createStates(session);
  const listeners = new Set<(state: BenchState) => void>();
  const cursor = new ReplayCursor(entries, clock, () => show());
  let state = stateAfter(cursor.count);

  const show = () => {
    state = stateAfter(cursor.count);
    for (const listener of listeners) listener(state);
  };

  return {
    source: {
      kind: 'replay',
      shows: session.shows,
      journal: createJournalUpTo(entries, first, () => cursor.count),
      state: () => state,
      flush: () => {},
      subscribe: listener => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      began,
      start: begun.programs.client,
      now: () => cursor.t,
      dispose: async () => cursor.pause(),
    },
    control: {
      view: () => ({
        n: first + cursor.count - 1,
        first,
        last: first + entries.length - 1,
        t: cursor.t,
        begin: cursor.begin,
        end: cursor.end,
        playing: cursor.isPlaying(),
        speed: cursor.speed,
        cut,
      }),
      step: by => cursor.step(by),
      skip: ms => cursor.skip(ms),
      seek: n => cursor.seek(n - first + 1),
      togglePlay: () => cursor.togglePlay(),
      faster: factor => cursor.faster(factor),
    },
  };
};

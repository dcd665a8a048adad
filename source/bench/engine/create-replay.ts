import { fold } from '../../core/fold/fold.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type BenchState, initialState, type Start } from '../../core/model/state.ts';
import type { ReplayControl } from '../view/replay-view.ts';
import type { Shows } from '../view/view.ts';
import { type Clock, systemClock } from './clock.ts';
import { ReplayCursor } from './replay-cursor.ts';
import type { Source } from './source.ts';

/** A session as it was read: entries in order, numbered without gaps, linked. */
export type Recorded = {
  readonly entries: readonly Entry[];
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
const createStates = (entries: readonly Entry[], first: BenchState) => {
  const [head] = entries;
  const begun = head?.kind === 'checkpoint' ? head.state : first;
  const kept: BenchState[] = [begun];
  /** The state after `count` entries. */
  return (count: number): BenchState => {
    const whole = Math.floor(count / keepEvery);
    while (kept.length <= whole) {
      const from = (kept.length - 1) * keepEvery;
      kept.push(fold(kept.at(-1)!, entries.slice(from, from + keepEvery)));
    }
    return fold(kept[whole]!, entries.slice(whole * keepEvery, count));
  };
};

/** Processes, where no program of the bench's has made a call. */
const showsOf = (entries: readonly Entry[]): Shows => {
  let processes = false;
  for (const entry of entries) {
    if ('actor' in entry && entry.actor !== '' && isProgram(entry.actor)) return 'programs';
    processes ||= entry.kind === 'process' || (entry.kind === 'checkpoint' && entry.state.processes.size > 0);
  }
  return processes ? 'processes' : 'programs';
};

/** What had come when `count` entries had. */
const createJournalUpTo = (entries: readonly Entry[], first: number, count: () => number): Journal => ({
  append: () => {},
  at: n => (n - first < count() ? entries[n - first] : undefined),
  first: () => first,
  last: () => first + count() - 1,
  droppedBytes: () => 0,
  slice: (from, to) => entries.slice(Math.max(0, from - first), Math.min(count(), to - first + 1)),
});

/** A recorded session under a time cursor that begins at its end. */
export const createReplay = (
  { entries, began, start, cut }: Recorded,
  clock: Clock = systemClock,
): Replay => {
  const first = entries[0]?.n ?? 1;
  const begun = initialState(start?.policy, start?.loops);
  const stateAfter = createStates(entries, begun);
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
      shows: showsOf(entries),
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

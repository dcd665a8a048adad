import { fold } from '../../core/fold/fold.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { type BenchState, initialState, type Start } from '../../core/model/state.ts';
import type { ReplayControl } from '../view/replay-view.ts';
import type { Shows } from '../view/view.ts';
import { type Clock, systemClock } from './clock.ts';
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

const frameMs = 33;

const slowest = 1 / 16;
const fastest = 64;

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

/** How many entries had come by `t`: entries are in order of their times. */
const countAt = (entries: readonly Entry[], t: number): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
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

/** A recorded session under a time cursor that begins at its end. */
export const createReplay = (
  { entries, began, start, cut }: Recorded,
  clock: Clock = systemClock,
): Replay => {
  const first = entries[0]?.n ?? 1;
  const begin = entries[0]?.t ?? 0;
  const end = entries.at(-1)?.t ?? 0;
  const begun = initialState(start?.policy, start?.loops);
  const stateAfter = createStates(entries, begun);
  const listeners = new Set<(state: BenchState) => void>();
  let count = entries.length;
  let t = end;
  let speed = 1;
  let clearTimer: (() => void) | undefined;
  let state = stateAfter(count);

  const show = () => {
    state = stateAfter(count);
    for (const listener of listeners) listener(state);
  };

  const pause = () => {
    clearTimer?.();
    clearTimer = undefined;
  };

  const goTo = (next: number) => {
    count = Math.min(entries.length, Math.max(0, next));
    t = entries[count - 1]?.t ?? begin;
    show();
  };

  const goToTime = (next: number) => {
    t = Math.min(end, Math.max(begin, next));
    count = countAt(entries, t);
    show();
  };

  const play = (from: number) => {
    const before = clock.now();
    clearTimer = clock.after(frameMs, () => {
      const next = from + (clock.now() - before) * speed;
      clearTimer = undefined;
      if (next < end) play(next);
      goToTime(next);
    });
  };

  const journal: Journal = {
    append: () => {},
    at: n => (n - first < count ? entries[n - first] : undefined),
    first: () => first,
    last: () => first + count - 1,
    droppedBytes: () => 0,
    slice: (from, to) => entries.slice(Math.max(0, from - first), Math.min(count, to - first + 1)),
  };

  return {
    source: {
      kind: 'replay',
      shows: showsOf(entries),
      journal,
      state: () => state,
      flush: () => {},
      subscribe: listener => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      began,
      start: begun.programs.client,
      now: () => t,
      dispose: async () => pause(),
    },
    control: {
      view: () => ({
        n: first + count - 1,
        first,
        last: first + entries.length - 1,
        t,
        begin,
        end,
        playing: clearTimer !== undefined,
        speed,
        cut,
      }),
      step: by => {
        pause();
        goTo(count + by);
      },
      skip: ms => {
        const playing = clearTimer !== undefined;
        pause();
        goToTime(t + ms);
        if (playing) play(t);
      },
      seek: n => {
        pause();
        goTo(n - first + 1);
      },
      togglePlay: () => {
        if (clearTimer) pause();
        else play(t >= end ? begin : t);
        show();
      },
      faster: factor => {
        speed = Math.min(fastest, Math.max(slowest, speed * factor));
        show();
      },
    },
  };
};

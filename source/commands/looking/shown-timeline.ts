import { currentSocket } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { chosenCall, chosenRow, type TimelineRow, timelineRows } from '../../bench/view/timeline-rows.ts';
import {
  showing,
  type TimelineView,
  type TimelineWindow,
  windowOf,
} from '../../bench/view/timeline-window.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Entry } from '../../core/model/entry.ts';
import { type Context, look } from '../calling/command.ts';

/** What the timeline shows: its rows, and the row and the call (by its entry; 0: none) under its cursor. */
export type ShownTimeline = {
  readonly now: number;
  readonly window: TimelineWindow;
  readonly rows: readonly TimelineRow[];
  readonly row: TimelineRow | undefined;
  readonly entry: number;
};

export const shownNow = ({ source }: Pick<Context, 'source'>, { view }: World): number =>
  view.frozen ? view.frozenAt : source.now();

export const shownTimeline = (
  context: Pick<Context, 'source' | 'timeline'>,
  world: World,
  now = shownNow(context, world),
): ShownTimeline => {
  const bench = shownBench(world);
  const view = world.view.timeline;
  const window = windowOf(view, now);
  const rows = timelineRows(bench, context.timeline.tracks(bench.entries), window);
  const row = chosenRow(rows, view, currentSocket(world, world.view.visited[0])?.name ?? '');
  return { now, window, rows, row, entry: chosenCall(row, view, window) };
};

export const changeTimeline = (context: Context, timeline: TimelineView): void => look(context, { timeline });

/** Puts the cursor on the call that an entry is about, and shows it; false where no thread ran it. */
export const chooseOnTimeline = (context: Context, entry: Entry): boolean => {
  if (!('call' in entry) || entry.thread === '') return false;
  const world = context.store.getState();
  const view = showing(world.view.timeline, entry.t, shownNow(context, world));
  changeTimeline(context, { ...view, thread: entry.thread, entry: entry.n });
  return true;
};

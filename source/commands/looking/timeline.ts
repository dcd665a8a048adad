import { besideCall } from '../../bench/view/timeline-rows.ts';
import { fixed, panned, zoomed } from '../../bench/view/timeline-window.ts';
import { stripIds } from '../../bench/view/view.ts';
import {
  type Command,
  type Context,
  command,
  look,
  type Place,
  panePlaces,
  refusal,
  say,
} from '../calling/command.ts';
import { focusPane, openOverlay } from '../calling/overlays.ts';
import { rowsOf, type Step } from '../calling/step.ts';
import { changeTimeline, chooseOnTimeline, shownNow, shownTimeline } from './shown-timeline.ts';

const here: readonly Place[] = ['timeline'];

const view = (context: Context) => context.store.getState().view.timeline;

/** A row; its newest call shown is chosen. */
export const chooseThread = (context: Context, thread: string): void =>
  changeTimeline(context, { ...view(context), thread, entry: 0 });

/** The row so many further down. */
const moveRow = (context: Context, rows: number): void => {
  const shown = shownTimeline(context, context.store.getState());
  const at = shown.row ? shown.rows.indexOf(shown.row) : 0;
  const row = shown.rows[Math.min(shown.rows.length - 1, Math.max(0, at + rows))];
  if (row) chooseThread(context, row.thread);
};

/** Up and down among threads; to the oldest call kept, or to now, and on with it. */
export const moveTimeline = (context: Context, step: Step): void => {
  if (step === 'end') changeTimeline(context, { ...view(context), start: null, entry: 0 });
  else if (step === 'start') {
    const { journal } = context.source;
    changeTimeline(context, { ...view(context), start: journal.at(journal.first())?.t ?? 0, entry: 0 });
  } else {
    moveRow(context, rowsOf(step, context.lastDrawn));
  }
};

const pan = (context: Context, quarters: number): void =>
  changeTimeline(
    context,
    panned({ ...view(context), entry: 0 }, quarters, shownNow(context, context.store.getState())),
  );

const zoom =
  (by: 1 | -1) =>
  (context: Context): ReturnType<typeof refusal> | null => {
    const before = view(context);
    const next = zoomed(before, by, shownNow(context, context.store.getState()));
    if (next === before) return refusal(by === 1 ? 'A screen gets no longer' : 'A screen gets no shorter');
    changeTimeline(context, next);
    return null;
  };

const inspect = (context: Context): ReturnType<typeof refusal> | null => {
  const { entry } = shownTimeline(context, context.store.getState());
  if (entry === 0) return refusal('No call is shown here: a thread is idle unless its row says otherwise');
  openOverlay(context, { kind: 'entry', n: entry, top: 0 });
  return null;
};

/** The call before or after the chosen one on its thread. */
const beside =
  (by: 1 | -1) =>
  (context: Context): ReturnType<typeof refusal> | null => {
    const { row, entry } = shownTimeline(context, context.store.getState());
    const next = row ? context.source.journal.at(besideCall(row, entry, by)) : undefined;
    if (!next) return refusal(`The thread has no ${by === 1 ? 'later' : 'earlier'} call that is kept`);
    chooseOnTimeline(context, next);
    return null;
  };

const toggleFollow = (context: Context): void => {
  const before = view(context);
  const now = shownNow(context, context.store.getState());
  changeTimeline(context, before.start === null ? fixed(before, now) : { ...before, start: null, entry: 0 });
};

const noThread: Command['disabled'] = ({ bench }) =>
  bench.entries === 0 ? 'Nothing has happened yet: calls appear here as bars' : null;

const onTimeline = (
  id: string,
  title: string,
  keys: readonly string[],
  run: Command['run'],
  more: Partial<Command> = {},
): Command => command({ id: `timeline-${id}`, title, keys, where: here, listed: false, run, ...more });

/** The next pane of the strip; a program pane keeps the focus. */
const otherTab = (context: Context): void => {
  const { focus, strip } = context.store.getState().view;
  const other = stripIds[(stripIds.indexOf(strip) + 1) % stripIds.length]!;
  const { spots } = context.lastDrawn;
  if (focus === strip) focusPane(context, other);
  else if (stripIds.every(id => spots.has(id))) say(context, 'Log and timeline stand side by side here');
  else look(context, { strip: other });
};

export const timelineCommands = [
  onTimeline('inspect', 'Inspect the call under the cursor', ['enter'], inspect, {
    short: 'inspect',
    footer: 68,
    disabled: noThread,
  }),
  onTimeline('zoom-in', 'A shorter time on the screen', ['=', '+'], zoom(-1), {
    short: 'zoom in',
    footer: 62,
  }),
  onTimeline('zoom-out', 'A longer time on the screen', ['-'], zoom(1), { short: 'zoom out', footer: 61 }),
  onTimeline('earlier', 'A quarter of a screen earlier', ['left', 'h'], context => pan(context, -1), {
    short: 'earlier',
    footer: 59,
  }),
  onTimeline('later', 'A quarter of a screen later', ['right', 'l'], context => pan(context, 1), {
    short: 'later',
    footer: 57,
  }),
  onTimeline('call-before', 'The call before this one on its thread', [','], beside(-1), {
    short: 'call before',
    footer: 53,
  }),
  onTimeline('call-after', 'The call after this one on its thread', ['.'], beside(1), {
    short: 'call after',
    footer: 52,
  }),
  onTimeline('follow', 'Follow now, or stop following', ['F'], toggleFollow, { short: 'follow', footer: 14 }),
];

export const tabCommands = [
  command({
    id: 'other-tab',
    title: 'The other tab: log or timeline',
    short: 'log or timeline',
    keys: ['[', ']'],
    where: panePlaces,
    footer: 26,
    run: otherTab,
  }),
];

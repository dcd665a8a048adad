import { besideCall } from '../../bench/view/timeline-rows.ts';
import { fixed, panned, zoomed } from '../../bench/view/timeline-window.ts';
import { stripIds } from '../../bench/view/view.ts';
import { marked, t } from '../../core/words/translate.ts';
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
    if (next === before)
      return refusal(by === 1 ? t('A screen gets no longer') : t('A screen gets no shorter'));
    changeTimeline(context, next);
    return null;
  };

const inspect = (context: Context): ReturnType<typeof refusal> | null => {
  const { entry } = shownTimeline(context, context.store.getState());
  if (entry === 0) return refusal(t('No call is shown here: a thread is idle unless its row says otherwise'));
  openOverlay(context, { kind: 'entry', n: entry, top: 0 });
  return null;
};

/** The call before or after the chosen one on its thread. */
const beside =
  (by: 1 | -1) =>
  (context: Context): ReturnType<typeof refusal> | null => {
    const { row, entry } = shownTimeline(context, context.store.getState());
    const next = row ? context.source.journal.at(besideCall(row, entry, by)) : undefined;
    if (!next)
      return refusal(
        by === 1
          ? t('The thread has no later call that is kept')
          : t('The thread has no earlier call that is kept'),
      );
    chooseOnTimeline(context, next);
    return null;
  };

const toggleFollow = (context: Context): void => {
  const before = view(context);
  const now = shownNow(context, context.store.getState());
  changeTimeline(context, before.start === null ? fixed(before, now) : { ...before, start: null, entry: 0 });
};

const noThread: Command['disabled'] = ({ bench }) =>
  bench.entries === 0 ? t('Nothing has happened yet: calls appear here as bars') : null;

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
  else if (stripIds.every(id => spots.has(id))) say(context, t('Log and timeline stand side by side here'));
  else look(context, { strip: other });
};

export const timelineCommands = [
  onTimeline('inspect', marked('Inspect the call under the cursor'), ['enter'], inspect, {
    short: marked('inspect'),
    footer: 68,
    disabled: noThread,
  }),
  onTimeline('zoom-in', marked('A shorter time on the screen'), ['=', '+'], zoom(-1), {
    short: marked('zoom in'),
    footer: 62,
  }),
  onTimeline('zoom-out', marked('A longer time on the screen'), ['-'], zoom(1), {
    short: marked('zoom out'),
    footer: 61,
  }),
  onTimeline('earlier', marked('A quarter of a screen earlier'), ['left', 'h'], context => pan(context, -1), {
    short: marked('earlier'),
    footer: 59,
  }),
  onTimeline('later', marked('A quarter of a screen later'), ['right', 'l'], context => pan(context, 1), {
    short: marked('later'),
    footer: 57,
  }),
  onTimeline('call-before', marked('The call before this one on its thread'), [','], beside(-1), {
    short: marked('call before'),
    footer: 53,
  }),
  onTimeline('call-after', marked('The call after this one on its thread'), ['.'], beside(1), {
    short: marked('call after'),
    footer: 52,
  }),
  onTimeline('follow', marked('Follow now, or stop following'), ['F'], toggleFollow, {
    short: marked('follow'),
    footer: 14,
  }),
];

export const tabCommands = [
  command({
    id: 'other-tab',
    title: marked('The other tab: log or timeline'),
    short: marked('log or timeline'),
    keys: ['[', ']'],
    where: panePlaces,
    footer: 26,
    run: otherTab,
  }),
];

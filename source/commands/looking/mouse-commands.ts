import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  everyPane,
  listPlaces,
  look,
  readerPlaces,
  refusal,
  say,
} from '../calling/command.ts';
import { keysTitle } from './help-commands.ts';
import type { Spot } from './last-drawn.ts';

/** Rows that one notch of the wheel scrolls. */
const notch = 3;

/** What was done with the mouse, and where on the screen; columns and rows count from 0. */
export type MouseReport = { readonly column: number; readonly row: number } & (
  | { readonly kind: 'click' }
  | { readonly kind: 'wheel'; readonly by: 1 | -1 }
);

const spotUnder = ({ lastDrawn }: Context, { column, row }: MouseReport): Spot | undefined => {
  const under = [...lastDrawn.spots.values()].filter(
    ({ left, top, width, height }) =>
      column >= left && column < left + width && row >= top && row < top + height,
  );
  return under.find(({ over }) => over) ?? under[0];
};

/** A click focuses, the wheel scrolls what is under it. While something lies over the panes they cannot be clicked. */
export const point = (context: Context, report: MouseReport): void => {
  const spot = spotUnder(context, report);
  if (!spot) return;
  const free = spot.over || context.store.getState().view.overlays.length === 0;
  if (report.kind === 'wheel') spot.wheel(report.by * notch);
  else if (free) spot.click(report.row - spot.top, report.column - spot.left);
};

export const mouseCommands = [
  command({
    id: 'mouse',
    title: marked('Mouse on or off: a click focuses, the wheel scrolls'),
    short: ({ view }) => (view.mouse ? t('mouse off') : t('mouse')),
    keys: ['m'],
    where: [...everyPane, ...readerPlaces, ...listPlaces],
    footer: 7,
    run: context => {
      if (!context.app.hasMouse) return refusal(t('There is no screen here for a mouse'));
      const on = !context.store.getState().view.mouse;
      look(context, { mouse: on });
      const off = keysTitle(context.keymap, 'mouse') || 'mouse';
      if (on)
        say(context, t`Mouse on: click focuses, wheel scrolls; Shift-drag selects text, ${off} turns it off`);
      else say(context, t('Mouse off: the terminal selects text again'));
      return null;
    },
  }),
];

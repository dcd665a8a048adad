import type { StripId } from '../../bench/view/view.ts';
import { focusPane } from '../../commands/calling/overlays.ts';
import type { Rect } from '../rect.ts';
import { useKeyOf, useServices } from '../screen-services.ts';
import { useSpot } from '../use-last-drawn.ts';
import { tabAt } from './pane-title.ts';

/** Where a pane of the strip is drawn; `beside`: next to the others, else in their place. */
export type StripProps = {
  readonly rect: Rect;
  readonly beside: boolean;
};

/** A click goes to the tab that it meets, or to the pane and what `choose` finds in its row. */
export const useStripSpot = (
  pane: StripId,
  { rect, beside }: StripProps,
  choose: (row: number) => void,
  wheel: (rows: number) => void,
): void => {
  const { context } = useServices();
  const keyOf = useKeyOf();
  const click = (row: number, column: number) => {
    const focused = context.store.getState().view.focus === pane;
    focusPane(context, row === 0 && !beside ? tabAt(column, pane, keyOf, focused) : pane);
    if (row > 0) choose(row - 1);
  };
  useSpot(pane, { ...rect, over: false, click, wheel });
};

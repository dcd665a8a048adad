import { isProgramPane, openPanes, type PaneId, shownBench } from '../../bench/view.ts';
import type { KeyOf } from '../../commands/keymap.ts';
import { focusPane } from '../../commands/overlays.ts';
import type { BenchState } from '../../core/state.ts';
import { useShownNow } from '../clock.tsx';
import { type Line, line, lineWidth, span } from '../parts/line.ts';
import { Lines } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWholeWorld } from '../services.ts';
import { useSpot } from '../use-last-drawn.ts';
import { footerLine } from './footer.ts';
import { headerLine, verdictLine } from './header.ts';
import { alarms, paneName } from './pane-title.ts';

/** The tabs stand under header and verdict. */
const tabsRow = 2;

type Props = { readonly width: number };

export const HeaderView = ({ width }: Props) => {
  const world = useWholeWorld();
  const { options } = useServices();
  return <Lines lines={[headerLine(world, useShownNow(), options, width)]} width={width} />;
};

export const VerdictView = ({ width }: Props) => {
  const world = useWholeWorld();
  return <Lines lines={[verdictLine(world, useShownNow(), width, useKeyOf())]} width={width} />;
};

const tabLine = (bench: BenchState, pane: PaneId, keyOf: KeyOf, focused: boolean): Line => {
  const bad = isProgramPane(pane) ? alarms(bench, pane) : 0;
  return line(' ', paneName(pane, keyOf, focused), bad > 0 ? span(` !${bad}`, 'bad') : null, ' ');
};

/** The panes' titles on one line, with the worst news of those that are not shown. */
export const TabsView = ({ width }: Props) => {
  const world = useWholeWorld();
  const keyOf = useKeyOf();
  const { context } = useServices();
  const panes = openPanes(world.view).filter(pane => pane !== 'time');
  const tabs = panes.map(pane => tabLine(shownBench(world), pane, keyOf, world.view.focus === pane));
  useSpot('tabs', {
    left: 0,
    top: tabsRow,
    width,
    height: 1,
    over: false,
    click: (_, column) => {
      let end = 0;
      for (const [index, tab] of tabs.entries()) {
        end += lineWidth(tab);
        if (column < end) return focusPane(context, panes[index]!);
      }
    },
    wheel: () => {},
  });
  return <Lines lines={[line(...tabs)]} width={width} />;
};

export const FooterView = ({ width }: Props) => {
  const world = useWholeWorld();
  const { keymap } = useServices().context;
  return <Lines lines={[footerLine(world, keymap, width)]} width={width} />;
};

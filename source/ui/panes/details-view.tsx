import { isStrip, shownBench } from '../../bench/view.ts';
import { socketInFocus, socketOfEntry } from '../../commands/targets.ts';
import { shownTimeline } from '../../commands/timeline-window.ts';
import { useShownNow } from '../clock.tsx';
import { exactly } from '../parts/line.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../services.ts';
import { detailLines } from './details.ts';

/** The socket in focus, or of the entry chosen in log or timeline, under the panes. */
export const DetailsView = ({ width, rows }: { readonly width: number; readonly rows: number }) => {
  const theme = useTheme();
  const world = useWholeWorld();
  const { context } = useServices();
  const now = useShownNow();
  const bench = shownBench(world);
  const { focus, log } = world.view;
  const chosen = focus === 'timeline' ? shownTimeline(context, world, now).entry : log.selected;
  const entry = isStrip(focus) && chosen !== null ? context.source.journal.at(chosen) : undefined;
  const socket = (entry && socketOfEntry(bench, entry)) ?? socketInFocus(world);
  const lines = detailLines(bench, socket, theme);
  return <Lines lines={exactly(lines, rows)} width={width} />;
};

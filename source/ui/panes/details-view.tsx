import { isActorPane, isStrip, shownBench } from '../../bench/view/view.ts';
import { socketInFocus, socketOfEntry } from '../../commands/calling/targets.ts';
import { shownTimeline } from '../../commands/looking/shown-timeline.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import type { Layout } from '../layout.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { exactly, lineWidth } from '../parts/styled-line.ts';
import type { Rect } from '../rect.ts';
import { useKeysInPanes, useServices, useWholeWorld } from '../screen-services.ts';
import { useShownNow } from '../use-now.tsx';
import { detailLines } from './details.ts';
import { firstStart } from './first-start.ts';

type Props = { readonly rect: Rect; readonly folded: Layout<ActorId>['folded']['titles'] };

/** The socket in focus, or of the entry chosen in log or timeline, under the panes; of a folded pane what starts one there. */
export const DetailsView = ({ rect: { top, width, height }, folded }: Props) => {
  const theme = useTheme();
  const keyOf = useKeysInPanes();
  const world = useWholeWorld();
  const { context } = useServices();
  const now = useShownNow();
  const bench = shownBench(world);
  const { focus, log } = world.view;
  const chosen = focus === 'timeline' ? shownTimeline(context, world, now).entry : log.selected;
  const entry = isStrip(focus) && chosen !== null ? context.source.journal.at(chosen) : undefined;
  const socket = (entry && socketOfEntry(bench, entry)) ?? socketInFocus(world);
  const begins = !socket && isActorPane(focus) && isProgram(focus) && folded.some(({ id }) => id === focus);
  const lines = begins
    ? firstStart(focus, keyOf, world).filter(line => lineWidth(line) > 0)
    : detailLines(bench, socket, theme, now);
  return <Lines lines={exactly(lines, height)} top={top} width={width} />;
};

import { focusPane } from '../../commands/calling/overlays.ts';
import type { ActorId } from '../../core/model/actors.ts';
import { t } from '../../core/words/translate.ts';
import type { Layout, PartId } from '../layout.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { lineWidth, span, spread } from '../parts/styled-line.ts';
import type { Placed } from '../rect.ts';
import { useKeyOf, useServices, useWholeWorld } from '../screen-services.ts';
import { useSpot } from '../use-last-drawn.ts';
import { foldedTitle } from './folded-title.ts';

type Props = { readonly placed: Placed<ActorId | PartId>; readonly unnamed: number };

const TitleView = ({ placed: { id, rect }, unnamed }: Props) => {
  const world = useWholeWorld();
  const keyOf = useKeyOf();
  const theme = useTheme();
  const { context } = useServices();
  useSpot(`title ${id}`, { ...rect, over: false, click: () => focusPane(context, id), wheel: () => {} });
  const more = unnamed > 0 ? [span(` ${t`and ${unnamed} more`} `, 'dim')] : [];
  const titles = foldedTitle(world, id, keyOf, world.view.focus === id);
  const title = lineWidth(titles.full) + lineWidth(more) > rect.width ? titles.short : titles.full;
  return <Lines lines={[spread(title, more, rect.width, theme.ellipsis)]} {...rect} />;
};

/** The panes that are not open, by their titles: a click opens one. */
export const FoldedView = ({ folded }: Pick<Layout<ActorId>, 'folded'>) => {
  const { titles, unnamed } = folded;
  return titles.map(placed => (
    <TitleView key={placed.id} placed={placed} unnamed={placed === titles.at(-1) ? unnamed : 0} />
  ));
};

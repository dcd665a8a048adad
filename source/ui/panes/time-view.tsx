import { focusPane } from '../../commands/calling/overlays.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import type { Rect } from '../rect.ts';
import { useKeyOf, useServices, useWorld } from '../screen-services.ts';
import { useSpot } from '../use-last-drawn.ts';
import { timeBarLine } from './time-bar.ts';

/** The time cursor of a replay, a line above the message line. */
export const TimeView = ({ rect }: { readonly rect: Rect }) => {
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const replay = useWorld(({ view }) => view.replay);
  const focused = useWorld(({ view }) => view.focus === 'time');
  const click = () => focusPane(context, 'time');
  const spot = { ...rect, over: false, click, wheel: () => {} };
  useSpot('time', replay ? spot : null);
  return replay ? <Lines lines={[timeBarLine(replay, keyOf, focused, rect.width, theme)]} {...rect} /> : null;
};

import { focusPane } from '../../commands/overlays.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { useSpot } from '../use-last-drawn.ts';
import { timeBarLine } from './time-bar.ts';

/** The time cursor of a replay, a line above the message line. */
export const TimeView = ({ top, width }: { readonly top: number; readonly width: number }) => {
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const replay = useWorld(({ view }) => view.replay);
  const focused = useWorld(({ view }) => view.focus === 'time');
  const click = () => focusPane(context, 'time');
  const spot = { left: 0, top, width, height: 1, over: false, click, wheel: () => {} };
  useSpot('time', replay ? spot : null);
  return replay ? <Lines lines={[timeBarLine(replay, keyOf, focused, width, theme)]} width={width} /> : null;
};

import { Lines, useTheme } from '../parts/lines.tsx';
import { useWorld } from '../services.ts';
import { timeBarLine } from './time-bar.ts';

/** The time cursor of a replay, a line above the message line. */
export const TimeView = ({ width }: { readonly width: number }) => {
  const theme = useTheme();
  const replay = useWorld(({ view }) => view.replay);
  const focused = useWorld(({ view }) => view.focus === 'time');
  return replay ? <Lines lines={[timeBarLine(replay, focused, width, theme)]} width={width} /> : null;
};

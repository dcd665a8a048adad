import { useShallow } from 'zustand/react/shallow';
import { shownBench } from '../../bench/view.ts';
import { socketInFocus } from '../../commands/targets.ts';
import { exactly } from '../parts/line.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useWorld } from '../services.ts';
import { detailLines } from './details.ts';

/** The socket in focus, under the panes. */
export const DetailsView = ({ width, rows }: { readonly width: number; readonly rows: number }) => {
  const theme = useTheme();
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const lines = detailLines(shownBench(world), socketInFocus(world), theme);
  return <Lines lines={exactly(lines, rows)} width={width} />;
};

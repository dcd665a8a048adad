import { useShallow } from 'zustand/react/shallow';
import { isStrip, shownBench } from '../../bench/view.ts';
import { socketInFocus } from '../../commands/targets.ts';
import { shownTimeline } from '../../commands/timeline-window.ts';
import { type Entry, socketOf } from '../../core/entry.ts';
import type { BenchState, SocketState } from '../../core/state.ts';
import { exactly } from '../parts/line.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWorld } from '../services.ts';
import { detailLines } from './details.ts';

/** The socket that an entry is about, or that it made. */
const socketOfEntry = (bench: BenchState, entry: Entry): SocketState | undefined => {
  const made = entry.kind === 'ended' && entry.outcome.kind === 'made' ? entry.outcome.name : '';
  const on = socketOf(entry);
  return bench.sockets.get(made) ?? bench.sockets.get(bench.files.get(on)?.socket ?? on);
};

/** The socket in focus, or of the entry chosen in log or timeline, under the panes. */
export const DetailsView = ({ width, rows }: { readonly width: number; readonly rows: number }) => {
  const theme = useTheme();
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const { context } = useServices();
  const bench = shownBench(world);
  const { focus, log } = world.view;
  const chosen = focus === 'timeline' ? shownTimeline(context, world).entry : log.selected;
  const entry = isStrip(focus) && chosen !== null ? context.bench.journal.at(chosen) : undefined;
  const socket = (entry && socketOfEntry(bench, entry)) ?? socketInFocus(world);
  const lines = detailLines(bench, socket, theme);
  return <Lines lines={exactly(lines, rows)} width={width} />;
};

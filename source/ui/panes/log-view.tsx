import { useEffect, useState } from 'react';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { chooseEntry, logRange, wheelLog } from '../../commands/looking/log-window.ts';
import { memo } from '../../core/model/memo.ts';
import { type BenchState, isAside } from '../../core/model/state.ts';
import { columnsFor, unnumbered } from '../parts/entry-columns.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import { spaced, spacedRoom } from '../parts/spaced.ts';
import { line } from '../parts/styled-line.ts';
import { useKeyOf, useKeysInPanes, useServices, useWholeWorld } from '../screen-services.ts';
import { usePage } from '../use-last-drawn.ts';
import { useShownNow } from '../use-now.tsx';
import { firstStart } from './first-start.ts';
import { logLines, logNotes } from './log-pane.ts';
import { stripName } from './pane-title.ts';
import { type StripProps, useStripSpot } from './strip-spot.ts';

/** How soon a filter that has not seen every entry goes on, in ms. */
const goOn = 30;

const useGoOn = (behind: number): void => {
  const [, again] = useState(0);
  useEffect(() => {
    if (behind === 0) return undefined;
    const timer = setTimeout(() => again(count => count + 1), goOn);
    return () => clearTimeout(timer);
  });
};

/** Numbers of the entries of calls in flight that have a row of their own. */
const rowsInFlight = memo((bench: BenchState): readonly number[] =>
  [...bench.calls.values()]
    .filter(({ actor, inside }) => inside === 0 && !isAside(bench, actor))
    .map(({ n }) => n),
);

/** Calls in flight whose rows stand over the first that is seen: their ends come there. */
const blockedAbove = (world: World, top: number): number => {
  const { log } = world.view;
  if (!log.folded || log.filter !== '') return 0;
  let count = 0;
  for (const n of rowsInFlight(shownBench(world))) if (n < top && n > log.clearedTo) count++;
  return count;
};

/** The journal, as strace would print it. Only the rows that are seen are made. */
export const LogView = (props: StripProps) => {
  const { rect, beside } = props;
  const { left, top, width, height: rows } = rect;
  const { context, options } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keysInPanes = useKeysInPanes();
  const world = useWholeWorld();
  const { log, focus, overlays, stage } = world.view;
  const range = logRange(world);
  const page = stage ? spacedRoom(rows - 2) : rows - 2;
  const window = context.log.window(log.filter, range, log.bottom, page);
  useGoOn(window.behind);
  const choose = (row: number) => {
    const entry = window.entries[stage ? Math.floor(row / 2) : row];
    if (entry) chooseEntry(context, entry.n);
  };
  useStripSpot('log', props, choose, by => wheelLog(context, by, page));
  usePage(focus === 'log' && overlays.every(({ kind }) => kind === 'search'), page);
  const { dropped } = shownBench(world);
  const newest = window.entries.at(-1)?.n ?? range.last;
  const more = context.log.step(log.filter, range, newest, 1) > newest;
  const counts = {
    last: range.last,
    dropped,
    below: more ? range.last - newest : 0,
    above: blockedAbove(world, window.entries[0]?.n ?? 0),
  };
  const { at } = context.source.journal;
  const now = useShownNow();
  const largest = { n: range.last, t: at(range.last)?.t ?? 0 };
  const columns = stage ? unnumbered(columnsFor(largest, log.stamps)) : columnsFor(largest, log.stamps);
  const drawing = { view: log, origin: options.origin, width: width - 2, columns, theme, now, at };
  const empty = range.last === 0;
  const lines = empty ? firstStart('log', keysInPanes, world) : logLines(window, drawing);
  const content = stage && !empty ? spaced(lines, line()) : lines;
  const title = {
    name: stripName('log', keyOf, focus === 'log', beside),
    notes: empty ? [] : logNotes(log, window, counts, keyOf),
  };
  return <Framed frame={frame(title, content, width, rows, focus === 'log', theme)} left={left} top={top} />;
};

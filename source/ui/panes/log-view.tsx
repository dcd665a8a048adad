import { useEffect, useState } from 'react';
import { shownBench } from '../../bench/view/view.ts';
import { chooseEntry, logRange, wheelLog } from '../../commands/looking/log-window.ts';
import { columnsFor } from '../parts/entry-columns.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
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

/** The journal, as strace would print it. Only the rows that are seen are made. */
export const LogView = (props: StripProps) => {
  const { rect, beside } = props;
  const { width, height: rows } = rect;
  const { context, options } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keysInPanes = useKeysInPanes();
  const world = useWholeWorld();
  const { log, focus, overlays } = world.view;
  const range = logRange(world);
  const window = context.log.window(log.filter, range, log.bottom, rows - 2);
  useGoOn(window.behind);
  const choose = (row: number) => {
    const entry = window.entries[row];
    if (entry) chooseEntry(context, entry.n);
  };
  useStripSpot('log', props, choose, by => wheelLog(context, by, rows - 2));
  usePage(focus === 'log' && overlays.every(({ kind }) => kind === 'search'), rows - 2);
  const { dropped } = shownBench(world);
  const newest = window.entries.at(-1)?.n ?? range.last;
  const more = context.log.step(log.filter, range, newest, 1) > newest;
  const counts = { last: range.last, dropped, below: more ? range.last - newest : 0 };
  const { at } = context.source.journal;
  const now = useShownNow();
  const largest = { n: range.last, t: at(range.last)?.t ?? 0 };
  const columns = columnsFor(largest, log.stamps);
  const drawing = { view: log, origin: options.origin, width: width - 2, columns, theme, now, at };
  const empty = range.last === 0;
  const content = empty ? firstStart('log', keysInPanes, world) : logLines(window, drawing);
  const title = {
    name: stripName('log', keyOf, focus === 'log', beside),
    notes: empty ? [] : logNotes(log, window, counts, keyOf),
  };
  return <Framed frame={frame(title, content, width, rows, focus === 'log', theme)} />;
};

import { useEffect, useRef, useState } from 'react';
import type { OverlayOf } from '../../bench/overlay.ts';
import { shownBench } from '../../bench/view.ts';
import { chosenWaiting, waitGroups, waitingCalls } from '../../bench/why.ts';
import { useNow } from '../now.ts';
import { frame } from '../parts/frame.ts';
import { line, span } from '../parts/line.ts';
import { useTheme } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';
import { Shown } from './shown.tsx';
import { whyLines } from './why.ts';

/** How often the process's CPU time is read, in ms. */
const cpuEvery = 1_000;

/** The share of a core that this whole process took of late, in per cent; null until two readings are there. */
const useCpuShare = (): number | null => {
  const { app, bench } = useServices().context;
  const [share, setShare] = useState<number | null>(null);
  const before = useRef({ cpu: app.cpuTime(), at: bench.now() });
  useEffect(() => {
    const timer = setInterval(() => {
      const now = { cpu: app.cpuTime(), at: bench.now() };
      const { cpu, at } = before.current;
      before.current = now;
      if (now.at > at) setShare((100 * (now.cpu - cpu)) / (now.at - at));
    }, cpuEvery);
    return () => clearInterval(timer);
  }, [app, bench]);
  return share;
};

const cpuWords = (share: number | null): string => {
  const measured = share === null ? '' : `; this whole process, drawing too: ${share.toFixed(1)} % of a core`;
  return `a blocked call uses no CPU${measured}`;
};

/** The wait-for graph of the calls in flight, in words: who waits for whom, cycles, what would break them. */
export const WhyView = ({
  overlay,
  screen,
  onTop,
}: {
  readonly overlay: OverlayOf<'why'>;
  readonly screen: Screen;
  readonly onTop: boolean;
}) => {
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const now = useNow(context.bench, context.store);
  const bench = useWorld(shownBench);
  const share = useCpuShare();
  const groups = waitGroups(bench);
  const count = waitingCalls(bench).length;
  const width = Math.min(116, screen.columns - 2);
  const drawing = {
    bench,
    now,
    chosen: chosenWaiting(bench, overlay.call)?.id ?? 0,
    width: width - 2,
    keyOf,
    theme,
  };
  const room = screen.rows - 4;
  const { lines, at } = whyLines(groups, room, drawing);
  const height = Math.min(room, Math.max(lines.length, 8)) + 2;
  const top = listWindow(at, lines.length, height - 2);
  const none = [line(span(' No call is in flight any more: every thread is idle.', 'dim'))];
  const deadlocks = groups.filter(({ deadlock }) => deadlock).length;
  const title = {
    name: line(span('Why: who waits for whom', 'title')),
    notes: [
      `${count} ${count === 1 ? 'call' : 'calls'} in flight`,
      ...(deadlocks === 0 ? [] : [`${deadlocks} ${deadlocks === 1 ? 'deadlock' : 'deadlocks'}`]),
    ],
    foot: cpuWords(share),
  };
  const content = lines.length === 0 ? none : lines.slice(top, top + height - 2);
  const box = centred(screen, width, height);
  const drawn: Drawn = {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: null,
    page: height - 2,
    count,
  };
  return <Shown drawn={drawn} onTop={onTop} />;
};

import { useEffect, useRef, useState } from 'react';
import type { OverlayOf } from '../../bench/overlay.ts';
import { shownBench } from '../../bench/view.ts';
import { chosenWaiting, waitGroups, waitingCalls } from '../../bench/why.ts';
import type { BenchState } from '../../core/state.ts';
import { useNow } from '../now.ts';
import { type FrameTitle, frame } from '../parts/frame.ts';
import { line, span } from '../parts/line.ts';
import { useTheme } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';
import { Shown } from './shown.tsx';
import { type WhyContext, whyLines } from './why.ts';

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

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const titleOf = (bench: BenchState, foot: string): FrameTitle => {
  const deadlocks = waitGroups(bench).filter(({ deadlock }) => deadlock).length;
  return {
    name: line(span('Why: who waits for whom', 'title')),
    notes: [
      `${counted(waitingCalls(bench).length, 'call')} in flight`,
      ...(deadlocks === 0 ? [] : [counted(deadlocks, 'deadlock')]),
    ],
    foot,
  };
};

const none = [line(span(' No call is in flight any more: every thread is idle.', 'dim'))];

const drawWhy = (context: WhyContext, foot: string, screen: Screen): Drawn => {
  const { bench, theme } = context;
  const room = screen.rows - 4;
  const { lines, at } = whyLines(waitGroups(bench), room, context);
  const height = Math.min(room, Math.max(lines.length, 8)) + 2;
  const top = listWindow(at, lines.length, height - 2);
  const content = lines.length === 0 ? none : lines.slice(top, top + height - 2);
  const box = centred(screen, context.width + 2, height);
  return {
    ...box,
    frame: frame(titleOf(bench, foot), content, box.width, height, true, theme),
    cursor: null,
    page: height - 2,
    count: waitingCalls(bench).length,
  };
};

type Props = { readonly overlay: OverlayOf<'why'>; readonly screen: Screen; readonly onTop: boolean };

/** The wait-for graph of the calls in flight, in words: who waits for whom, cycles, what would break them. */
export const WhyView = ({ overlay, screen, onTop }: Props) => {
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const now = useNow(context.bench, context.store);
  const bench = useWorld(shownBench);
  const foot = cpuWords(useCpuShare());
  const chosen = chosenWaiting(bench, overlay.call)?.id ?? 0;
  const width = Math.min(116, screen.columns - 2) - 2;
  const drawn = drawWhy({ bench, now, chosen, width, keyOf, theme }, foot, screen);
  return <Shown drawn={drawn} onTop={onTop} />;
};

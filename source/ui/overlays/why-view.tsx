import { useEffect, useState } from 'react';
import type { OverlayOf } from '../../bench/view/overlay.ts';
import { shownBench } from '../../bench/view/view.ts';
import { chosenWaiting, waitGroups, waitingCalls } from '../../bench/view/wait-groups.ts';
import type { BenchState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import { type FrameTitle, frame } from '../parts/frame.ts';
import { useTheme } from '../parts/lines.tsx';
import { line, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { useKeysAfter, useKeysHere, useServices, useWorld } from '../screen-services.ts';
import { useShownNow } from '../use-now.tsx';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';
import { Shown } from './shown.tsx';
import { type WhyContext, whyRows } from './why-overlay.ts';

/** How often the process's CPU time is read, in ms. */
const cpuEvery = 1_000;

type Shares = { readonly sockets: number; readonly process: number };

/** Shares of a core of late, in per cent: of turns that sockets began, and of this whole process. Null at first. */
const useCpuShares = (): Shares | null => {
  const { app, source } = useServices().context;
  const [shares, setShares] = useState<Shares | null>(null);
  useEffect(() => {
    const turns = app.measureSocketTurns();
    const read = () => ({ sockets: turns.ms(), process: app.cpuTime(), at: source.now() });
    let before = read();
    const timer = setInterval(() => {
      const now = read();
      const past = now.at - before.at;
      if (past <= 0) return;
      const share = (used: number) => (100 * used) / past;
      setShares({
        sockets: share(now.sockets - before.sockets),
        process: share(now.process - before.process),
      });
      before = now;
    }, cpuEvery);
    return () => {
      clearInterval(timer);
      turns.stop();
    };
  }, [app, source]);
  return shares;
};

/** What waiting costs, in as many words as the bottom border has room for. */
const cpuWords = (shares: Shares | null, room: number): string => {
  const said = t('a blocked call uses no CPU');
  if (!shares) return said;
  const [sockets, whole] = [shares.sockets.toFixed(1), shares.process.toFixed(1)];
  const long = t`${said}; socket turns: ${sockets} %, this whole process, drawing too: ${whole} % of a core`;
  return widthOf(long) <= room ? long : t`${said}; socket turns ${sockets} %, process ${whole} % of a core`;
};

const titleOf = (bench: BenchState, foot: string): FrameTitle => {
  const deadlocks = waitGroups(bench).filter(({ deadlock }) => deadlock).length;
  const calls = waitingCalls(bench).length;
  return {
    name: line(span(t('Why: who waits for whom'), 'title')),
    notes: [
      calls === 1 ? t('1 call in flight') : t`${calls} calls in flight`,
      ...(deadlocks === 0 ? [] : [deadlocks === 1 ? t('1 deadlock') : t`${deadlocks} deadlocks`]),
    ],
    foot,
  };
};

const none = (): readonly StyledLine[] => [
  line(span(` ${t('No call is in flight any more: every thread is idle.')}`, 'dim')),
];

const drawWhy = (context: WhyContext, foot: string, screen: Screen): Drawn => {
  const { bench, theme } = context;
  const room = screen.rows - 4;
  const rows = whyRows(waitGroups(bench), room, context);
  const height = Math.min(room, Math.max(rows.length, 8)) + 2;
  const at = Math.max(
    0,
    rows.findIndex(({ call }) => call === context.chosen),
  );
  const top = listWindow(at, rows.length, height - 2);
  const shown = rows.slice(top, top + height - 2);
  const calls = waitingCalls(bench);
  const box = centred(screen, context.width + 2, height);
  return {
    ...box,
    frame: frame(
      titleOf(bench, foot),
      rows.length === 0 ? none() : shown.map(({ line }) => line),
      box.width,
      height,
      true,
      theme,
    ),
    cursor: null,
    page: height - 2,
    count: calls.length,
    items: shown.map(({ call }) => (call === 0 ? -1 : calls.findIndex(({ id }) => id === call))),
  };
};

type Props = { readonly overlay: OverlayOf<'why'>; readonly screen: Screen; readonly onTop: boolean };

/** The wait-for graph of the calls in flight, in words: who waits for whom, cycles, what would break them. */
export const WhyView = ({ overlay, screen, onTop }: Props) => {
  const theme = useTheme();
  const keyOf = useKeysHere();
  const keysAfter = useKeysAfter();
  const now = useShownNow();
  const bench = useWorld(shownBench);
  const shares = useCpuShares();
  const chosen = chosenWaiting(bench, overlay.call)?.id ?? 0;
  const width = Math.min(116, screen.columns - 2) - 2;
  const foot = cpuWords(shares, width - 4);
  const drawn = drawWhy({ bench, now, chosen, width, keyOf, keysAfter, theme }, foot, screen);
  return <Shown drawn={drawn} onTop={onTop} />;
};

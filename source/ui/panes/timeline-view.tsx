import { useShallow } from 'zustand/react/shallow';
import { waitsFor } from '../../bench/selectors-waits.ts';
import type { World } from '../../bench/store.ts';
import { shownBench } from '../../bench/view.ts';
import type { Context } from '../../commands/command.ts';
import { type ShownTimeline, shownTimeline } from '../../commands/timeline-window.ts';
import { entryText } from '../../core/entry-text.ts';
import { humanDuration } from '../../core/units.ts';
import { useNow } from '../now.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { type Line, line, span } from '../parts/line.ts';
import { useTheme } from '../parts/lines.tsx';
import { useServices, useWorld } from '../services.ts';
import type { Theme } from '../theme.ts';
import { stripName } from './pane-title.ts';
import { usePage } from './programs-view.tsx';
import { axisLine, gutter, type TimelineContext, threadLines } from './timeline-pane.ts';

type Props = { readonly width: number; readonly rows: number; readonly beside: boolean };

/** The chosen call in words: how it ended, or for whom it waits. */
const callWords = (context: Context, world: World, { entry: n, now }: ShownTimeline): string => {
  const entry = context.bench.journal.at(n);
  if (!entry) return '';
  const links = [entry.by ? `by #${entry.by}` : '', entry.wakes ? `wakes #${entry.wakes}` : ''];
  const said = [`#${n}  ${entryText(entry, 40)}`, ...links];
  const bench = shownBench(world);
  const call = 'id' in entry && entry.kind !== 'ended' ? bench.calls.get(entry.id) : undefined;
  if (call?.startedAt != null) {
    const until = call.deadline === null ? '' : ` until ${humanDuration(call.deadline)}`;
    said.push(`BLOCKED ${humanDuration(now - call.startedAt)}${until}`);
  }
  const waits = call ? waitsFor(bench, call) : '';
  return [...said, waits === '' ? '' : `waits for ${waits}`].filter(Boolean).join('  ');
};

/** Rows from a thread's on, so that the chosen one is among them: whole threads, at most so many lines. */
const visibleLines = (shown: ShownTimeline, drawing: TimelineContext, room: number): Line[] => {
  const at = shown.row ? shown.rows.indexOf(shown.row) : 0;
  const lines: Line[] = [];
  let first = at;
  for (let used = 0; first >= 0; first--) {
    const more = threadLines(shown.rows[first]!, drawing);
    if (used + more.length > room) break;
    used += more.length;
    lines.unshift(...more);
  }
  for (let next = at + 1; next < shown.rows.length && lines.length < room; next++) {
    lines.push(...threadLines(shown.rows[next]!, drawing));
  }
  return lines.slice(0, room);
};

const spanWords = (ms: number): string => (ms < 1_000 ? `${ms} ms a screen` : `${ms / 1_000} s a screen`);

const notesOf = ({ view }: World, shown: ShownTimeline): string[] => {
  const { start, span: length } = view.timeline;
  const { rows } = shown;
  return [
    start === null ? 'following' : 'not following (G)',
    spanWords(length),
    ...(rows.length === 0 ? [] : [`${rows.length} ${rows.length === 1 ? 'thread' : 'threads'}`]),
  ];
};

const emptyLines = (world: World): readonly Line[] => [
  line(
    span(
      shownBench(world).entries === 0
        ? ' Nothing has happened yet. Each thread gets a row here, each call a bar.'
        : ' No thread ran a call in this time.',
      'dim',
    ),
  ),
];

const drawingOf = (
  context: Context,
  world: World,
  shown: ShownTimeline,
  columns: number,
  theme: Theme,
): TimelineContext => {
  const findings = [...shownBench(world).findings.values()];
  const deadlocked = new Set(
    findings.filter(({ name }) => name === 'deadlock').flatMap(({ calls }) => calls),
  );
  return {
    scale: { ...shown.window, columns, now: shown.now },
    entryAt: context.bench.journal.at,
    thread: shown.row?.thread ?? '',
    entry: shown.entry,
    deadlocked,
    theme,
  };
};

/** A row a thread on one clock that goes on past now: in its queue, in the call, until its deadline. */
export const TimelineView = ({ width, rows, beside }: Props) => {
  const { context } = useServices();
  const theme = useTheme();
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const now = useNow(context.bench, context.store);
  const shown = shownTimeline(context, world, now);
  const focused = world.view.focus === 'timeline';
  const room = rows - 3;
  usePage(focused && world.view.overlays.length === 0, room, shown.rows.length);
  const drawing = drawingOf(context, world, shown, width - 2 - gutter, theme);
  const content = shown.rows.length === 0 ? emptyLines(world) : visibleLines(shown, drawing, room);
  const title = {
    name: stripName('timeline', focused, beside),
    notes: notesOf(world, shown),
    foot: callWords(context, world, shown),
  };
  const lines = [axisLine(drawing.scale, theme), ...content];
  return <Framed frame={frame(title, lines, width, rows, focused, theme)} />;
};

import { waitsFor } from '../../bench/view/selectors-waits.ts';
import type { World } from '../../bench/view/store.ts';
import type { TimelineRow } from '../../bench/view/timeline-rows.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Context, KeyOf } from '../../commands/calling/command.ts';
import { type ShownTimeline, shownTimeline } from '../../commands/looking/shown-timeline.ts';
import { chooseThread, moveTimeline } from '../../commands/looking/timeline.ts';
import { formatCall } from '../../core/language/line.ts';
import { humanDuration } from '../../core/language/units.ts';
import type { Entry } from '../../core/model/entry.ts';
import { findingCalls, findingName } from '../../core/model/finding.ts';
import { switchedOff } from '../../core/model/switched-off.ts';
import { endedText, entryText } from '../../core/words/entry-text.ts';
import { type KeyWords, keyHint } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import { useKeyOf, useKeyWords, useServices, useWholeWorld } from '../screen-services.ts';
import type { Theme } from '../theme.ts';
import { usePage } from '../use-last-drawn.ts';
import { useShownNow } from '../use-now.tsx';
import { stripName } from './pane-title.ts';
import { threadCount } from './socket-count.ts';
import { type StripProps, useStripSpot } from './strip-spot.ts';
import { deadlockLine, linksOf, type ThreadRow, withLinks } from './timeline-links.ts';
import { axisLine, gutter, type TimelineContext, threadLines } from './timeline-pane.ts';

/** Characters of a payload. */
const shownPayload = 40;

/** An entry as its row of the log has it; since when a call is blocked is said apart. */
const rowWords = (entry: Entry, folded: boolean, { source }: Context): string => {
  if (folded && entry.kind === 'running') return formatCall(entry.call, shownPayload);
  if (folded && entry.kind === 'ended')
    return endedText(entry, shownPayload, { whole: true, off: switchedOff(entry, source.journal.at) });
  return entryText(entry, shownPayload);
};

/** The chosen call in words: how it ended, or for whom it waits. */
const callWords = (
  context: Context,
  world: World,
  { entry: n, now }: ShownTimeline,
  keys: KeyWords,
): string => {
  const entry = context.source.journal.at(n);
  if (!entry) return '';
  const links = [entry.by ? t`by #${entry.by}` : '', entry.wakes ? t`wakes #${entry.wakes}` : ''];
  const said = [`#${n}  ${rowWords(entry, world.view.log.folded, context)}`, ...links];
  const bench = shownBench(world);
  const call = 'id' in entry && entry.kind !== 'ended' ? bench.calls.get(entry.id) : undefined;
  if (call?.startedAt != null) {
    const until = call.deadline === null ? '' : ` ${t`until ${humanDuration(call.deadline)}`}`;
    said.push(`BLOCKED ${humanDuration(now - call.startedAt)}${until}`);
  }
  const waits = call ? waitsFor(bench, call, keys) : '';
  return [...said, waits === '' ? '' : t`waits for ${waits}`].filter(Boolean).join('  ');
};

/** Rows from a thread's on, so that the chosen one is among them: whole threads, at most so many rows. */
const visibleRows = (shown: ShownTimeline, drawing: TimelineContext, room: number): ThreadRow[] => {
  const rowsOf = (row: TimelineRow): ThreadRow[] =>
    threadLines(row, drawing).map(each => ({ line: each, thread: row.thread }));
  const at = shown.row ? shown.rows.indexOf(shown.row) : 0;
  const rows: ThreadRow[] = [];
  for (const row of shown.rows.slice(0, at + 1).reverse()) {
    const more = rowsOf(row);
    if (rows.length + more.length > room) break;
    rows.unshift(...more);
  }
  for (const row of shown.rows.slice(at + 1)) {
    if (rows.length >= room) break;
    rows.push(...rowsOf(row));
  }
  return rows.slice(0, room);
};

const spanWords = (ms: number): string => (ms < 1_000 ? t`${ms} ms a screen` : t`${ms / 1_000} s a screen`);

const notesOf = ({ view }: World, shown: ShownTimeline, keyOf: KeyOf): string[] => {
  const { start, span: length } = view.timeline;
  const { rows } = shown;
  return [
    start === null ? t('following') : `${t('not following')}${keyHint(keyOf('end'))}`,
    spanWords(length),
    ...(rows.length === 0 ? [] : [threadCount(rows.length)]),
  ];
};

const emptyLines = (world: World): readonly StyledLine[] => [
  line(
    span(
      shownBench(world).entries === 0
        ? ` ${t('Nothing has happened yet. Each thread gets a row here, each call a bar.')}`
        : ` ${t('No thread ran a call in this time.')}`,
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
    findings.filter(finding => findingName(finding) === 'deadlock').flatMap(findingCalls),
  );
  return {
    scale: { ...shown.window, columns, now: shown.now },
    entryAt: context.source.journal.at,
    thread: shown.row?.thread ?? '',
    entry: shown.entry,
    deadlocked,
    theme,
  };
};

/** Rows of a pane in which the deadlocks have one. */
const least = 5;

/** A row a thread on one clock that goes on past now: in its queue, in the call, until its deadline. */
export const TimelineView = (props: StripProps) => {
  const { rect, beside } = props;
  const { left, top, width, height: rows } = rect;
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keys = useKeyWords();
  const world = useWholeWorld();
  const now = useShownNow();
  const shown = shownTimeline(context, world, now);
  const focused = world.view.focus === 'timeline';
  const drawing = drawingOf(context, world, shown, width - 2 - gutter, theme);
  const { scale, entryAt } = drawing;
  const knots = deadlockLine(context.timeline.deadlocks(shownBench(world).entries), scale, gutter, theme);
  const head = [axisLine(scale, theme), ...(knots && rows > least ? [knots] : [])];
  const room = rows - 2 - head.length;
  usePage(focused && world.view.overlays.length === 0, room);
  const links = linksOf(entryAt(shown.entry), entryAt);
  const seen = withLinks(visibleRows(shown, drawing, room), links, scale, gutter, theme);
  const choose = (row: number) => {
    // The clock has the first row.
    const thread = seen[row - head.length]?.thread;
    if (thread !== undefined) chooseThread(context, thread);
  };
  useStripSpot('timeline', props, choose, by => {
    if (new Set(seen.map(({ thread }) => thread)).size < shown.rows.length)
      moveTimeline(context, { rows: by });
  });
  const title = {
    name: stripName('timeline', keyOf, focused, beside),
    notes: notesOf(world, shown, keyOf),
    foot: callWords(context, world, shown, keys),
  };
  const content = seen.length === 0 ? emptyLines(world) : seen.map(row => row.line);
  const lines = [...head, ...content];
  return <Framed frame={frame(title, lines, width, rows, focused, theme)} left={left} top={top} />;
};

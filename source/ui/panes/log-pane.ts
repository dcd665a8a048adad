import type { LogWindow } from '../../bench/log-index.ts';
import type { LogView } from '../../bench/view.ts';
import type { Entry } from '../../core/entry.ts';
import { entryText, formatSeconds } from '../../core/entry-text.ts';
import { type Line, line, type Span, span, spread } from '../parts/line.ts';
import type { Role, Theme } from '../theme.ts';

const two = (value: number): string => String(value).padStart(2, '0');

const timeOfDay = (ms: number): string => {
  const date = new Date(ms);
  const fraction = String(Math.floor(ms % 1000)).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`;
};

/** The column before an entry's words. `origin` is the wall-clock time at which the bench began. */
const stamp = (entry: Entry, before: Entry | undefined, view: LogView, origin: number): string => {
  switch (view.stamps) {
    case 'relative':
      return formatSeconds(entry.t).padStart(10);
    case 'clock':
      return timeOfDay(origin + entry.t);
    case 'delta':
      return `+${formatSeconds(before ? entry.t - before.t : 0)}`.padStart(10);
  }
};

const entryRole = (entry: Entry): Role => {
  switch (entry.kind) {
    case 'ended':
      return entry.outcome.kind === 'error' ? 'bad' : 'plain';
    case 'running':
    case 'queued':
      return 'blocked';
    case 'finding':
      return 'warning';
    case 'event':
      return entry.event === 'reset' ? 'bad' : 'warning';
    case 'note':
      return entry.level === 'warning' ? 'warning' : 'plain';
    default:
      return 'dim';
  }
};

/** What links an entry to another: by whom it was woken, whom it woke, until when it waits. */
const link = (entry: Entry): string => {
  if (entry.by) return `by #${entry.by}`;
  if (entry.wakes) return `wakes #${entry.wakes}`;
  if (entry.kind !== 'running') return '';
  return entry.deadline === null ? '' : `timeout at ${(entry.deadline / 1000).toFixed(1)}s`;
};

const highlight = (text: string, search: string, role: Role): readonly Span[] => {
  const at = search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return [span(text, role)];
  const end = at + search.length;
  return [span(text.slice(0, at), role), span(text.slice(at, end), 'match'), span(text.slice(end), role)];
};

type LogContext = {
  readonly view: LogView;
  readonly origin: number;
  readonly width: number;
  readonly theme: Theme;
};

const entryLine = (
  entry: Entry,
  before: Entry | undefined,
  { view, origin, width, theme }: LogContext,
): Line => {
  const selected = view.selected === entry.n;
  const mark = entry.kind === 'ended' && entry.outcome.kind === 'error' ? '!' : ' ';
  const text = entryText(entry, Math.max(20, width));
  const left = line(
    span(selected ? theme.cursor : ' ', 'focus'),
    span(mark, 'bad'),
    span(`#${entry.n}`.padEnd(6), selected ? 'selected' : 'dim'),
    span(`${stamp(entry, before, view, origin)}  `, 'dim'),
    highlight(text, view.search, entryRole(entry)),
  );
  const words = link(entry);
  return words === '' ? left : spread(left, line(span(`  ${words} `, 'dim')), width, theme.ellipsis);
};

export const logLines = ({ entries }: LogWindow, context: LogContext): readonly Line[] =>
  entries.map((entry, index) => entryLine(entry, entries[index - 1], context));

/** `below`: entries newer than the last row, samples among them; 0 where none of them would be shown. */
type LogCounts = { readonly last: number; readonly dropped: number; readonly below: number };

/** What the log's title says of where it stands. */
export const logNotes = (view: LogView, window: LogWindow, counts: LogCounts): string[] => {
  const notes: string[] = [];
  const { below } = counts;
  if (view.bottom === null) notes.push('following');
  else notes.push(below > 0 ? `not following, ${below} newer (G)` : 'not following (G)');
  notes.push(`${counts.last} ${counts.last === 1 ? 'entry' : 'entries'}`);
  if (view.filter !== '') notes.push(`filter: ${view.filter}`);
  if (window.behind > 0) notes.push(`filter has ${window.behind} to go`);
  if (view.search !== '') notes.push(`search: ${view.search}`);
  if (counts.dropped > 0) notes.push(`${counts.dropped} oldest dropped`);
  if (view.clearedTo > 0) notes.push(`cleared to #${view.clearedTo}`);
  return notes;
};

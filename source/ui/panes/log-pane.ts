import type { CallRow } from '../../bench/view/call-rows.ts';
import type { LogWindow } from '../../bench/view/log-index.ts';
import { type Repeats, repeatsText } from '../../bench/view/log-repeats.ts';
import type { LogView } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { isFailure, switchedOff } from '../../core/model/switched-off.ts';
import { moment } from '../../core/model/wait.ts';
import { begunText, endedText, entryText, formatSeconds } from '../../core/words/entry-text.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { type Columns, inColumns } from '../parts/entry-columns.ts';
import { line, lineWidth, type Span, type StyledLine, span, spread, widthOf } from '../parts/styled-line.ts';
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
      return formatSeconds(entry.t);
    case 'clock':
      return timeOfDay(origin + entry.t);
    case 'delta':
      return `+${formatSeconds(before ? entry.t - before.t : 0)}`;
  }
};

/** A row of the log: where it stands, and what it tells: of a call that is folded its newest entry. */
type Row = {
  readonly entry: Entry;
  readonly told: Entry;
  readonly call: CallRow | undefined;
  readonly repeats: Repeats | undefined;
};

const roleOf = (entry: Entry, at: Journal['at']): Role => {
  switch (entry.kind) {
    case 'ended':
      if (isFailure(entry, at)) return 'bad';
      return entry.outcome.kind === 'error' ? 'dim' : 'plain';
    case 'running':
    case 'queued':
      return 'blocked';
    case 'finding':
    case 'event':
      return 'warning';
    case 'note':
      return entry.level === 'warning' ? 'warning' : 'plain';
    default:
      return 'dim';
  }
};

/** What links an entry to another: by whom it was woken, whom it woke, until when it waits. */
const link = (entry: Entry): string => {
  if (entry.by) return t`by #${entry.by}`;
  if (entry.wakes) return t`wakes #${entry.wakes}`;
  if (entry.kind !== 'running') return '';
  return entry.deadline === null ? '' : t`timeout at ${moment(entry.deadline)}`;
};

/** The end of a call in its row keeps its number: others name it. */
const links = ({ told, call }: Row): string =>
  [call?.ended ? `#${told.n}` : '', link(told)].filter(Boolean).join(' ');

/** A row's words with so many characters of its payload. */
const wordsOf = ({ entry, call }: Row, { now, at }: LogContext): ((limit: number) => string) => {
  const ended = call ? call.ended : entry.kind === 'ended' ? entry : null;
  if (ended) {
    const telling = { whole: call !== undefined, off: switchedOff(ended, at) };
    return limit => endedText(ended, limit, telling);
  }
  return call ? limit => begunText(call.began, limit, now) : limit => entryText(entry, limit);
};

const highlight = (text: string, search: string, role: Role): readonly Span[] => {
  const small = text.toLowerCase();
  const at = search === '' ? -1 : small.indexOf(search.toLowerCase());
  // A letter that has two small ones (U+0130) would shift what is marked.
  if (at < 0 || small.length !== text.length) return [span(text, role)];
  const end = at + search.length;
  return [span(text.slice(0, at), role), span(text.slice(at, end), 'match'), span(text.slice(end), role)];
};

/** Characters of a payload below which the end of the line gives way instead. */
const leastPayload = 8;

/** How long a call took, at the end of its words. */
const took = / <\d+\.\d{6}>$/;

/**
 * A row's words; of a payload so much that what stands behind it has room: how many bytes, how long it took. Where there
 * is no room for both, how long it took gives way to who connected from where, and how it ended.
 */
const fittedText = (words: (limit: number) => string, room: number): string => {
  const text = words(room);
  if (widthOf(text) <= room) return text;
  const left = room - widthOf(words(0));
  if (left < leastPayload) return text.replace(took, '');
  const cut = words(left);
  // A wide character takes two columns.
  return widthOf(cut) <= room ? cut : words(Math.floor(left / 2));
};

type LogContext = {
  readonly view: LogView;
  readonly origin: number;
  readonly width: number;
  readonly columns: Columns;
  readonly theme: Theme;
  /** ms since the bench began: how long calls in flight have lasted. */
  readonly now: number;
  /** The journal's entries by number. */
  readonly at: Journal['at'];
};

const isChosen = ({ entry, told, repeats }: Row, chosen: number): boolean =>
  repeats ? chosen >= repeats.from && chosen <= repeats.to : chosen === entry.n || chosen === told.n;

const entryLine = (row: Row, before: Entry | undefined, context: LogContext): StyledLine => {
  const { view, origin, width, columns, theme, at } = context;
  const { entry, told, repeats } = row;
  const selected = isChosen(row, view.selected ?? 0);
  const mark = !repeats && isFailure(told, at) ? '!' : ' ';
  const words = repeats || columns.number === 0 ? '' : links(row);
  const right = words === '' ? '' : `  ${words} `;
  const { number, time } = inColumns(columns, entry.n, stamp(entry, before, view, origin));
  const head = line(
    span(selected ? theme.cursor : ' ', 'focus'),
    span(mark, 'bad'),
    span(number, selected ? 'selected' : 'dim'),
    span(time, 'dim'),
  );
  if (repeats) return line(head, highlight(repeatsText(repeats), view.search, 'dim'));
  const room = Math.max(20, width - lineWidth(head) - widthOf(right));
  const text = fittedText(wordsOf(row, context), room);
  const left = line(head, highlight(text, view.search, roleOf(told, at)));
  return right === '' ? left : spread(left, line(span(right, 'dim')), width, theme.ellipsis);
};

export const logLines = (
  { entries, repeats, calls }: LogWindow,
  context: LogContext,
): readonly StyledLine[] => {
  const byLast = new Map(repeats.map(one => [one.to, one]));
  return entries.map((entry, index) => {
    const call = calls.get(entry.n);
    const row = {
      entry,
      told: call ? (call.ended ?? call.began) : entry,
      call,
      repeats: byLast.get(entry.n),
    };
    return entryLine(row, entries[index - 1], context);
  });
};

/** `above`: calls in flight whose rows stand over the first row; `below`: entries newer than the last row, samples among them; 0 where none of them would be shown. */
type LogCounts = {
  readonly last: number;
  readonly dropped: number;
  readonly below: number;
  readonly above: number;
};

/** What the log's title says of where it stands. */
export const logNotes = (view: LogView, window: LogWindow, counts: LogCounts, keyOf: KeyOf): string[] => {
  const notes: string[] = [];
  const { below } = counts;
  const following = below > 0 ? t`not following, ${below} newer` : t('not following');
  if (view.bottom === null) notes.push(t('following'));
  else notes.push(`${following}${keyHint(keyOf('end'))}`);
  if (counts.above > 0) notes.push(t`${counts.above} blocked earlier`);
  notes.push(counts.last === 1 ? t('1 entry') : t`${counts.last} entries`);
  if (window.matching !== null) notes.push(t`filter: ${view.filter}, ${window.matching} match`);
  if (window.behind > 0) notes.push(t`filter has ${window.behind} to go`);
  if (view.search !== '') notes.push(t`search: ${view.search}`);
  if (counts.dropped > 0) notes.push(t`${counts.dropped} oldest dropped`);
  if (view.clearedTo > 0) notes.push(t`cleared to #${view.clearedTo}`);
  return notes;
};

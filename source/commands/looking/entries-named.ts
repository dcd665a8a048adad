import type { World } from '../../bench/view/store.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import type { Entry } from '../../core/model/entry.ts';
import { t } from '../../core/words/translate.ts';
import type { Context } from '../calling/command.ts';
import { logRange } from './log-window.ts';

/** The numbers of the entries that carried bytes, of those that were named; or a sentence why there are none. */
export type WhichEntries = (context: Context) => readonly number[] | string;

const carries = (entry: Entry | undefined): boolean =>
  entry?.kind === 'ended' && (entry.outcome.kind === 'data' || 'data' in entry.call);

const carrying = (context: Context, from: number, to: number): number[] => {
  const { journal } = context.source;
  const numbers: number[] = [];
  for (let n = Math.max(from, journal.first()); n <= Math.min(to, journal.last()); n++)
    if (carries(journal.at(n))) numbers.push(n);
  return numbers;
};

/** Of one entry; the number of a folded row is that of its call's beginning. */
const ofRow = (context: Context, n: number): number[] => {
  const itself = carrying(context, n, n);
  const newest = context.log.newestOf(logRange(context.store.getState()), n);
  return itself.length > 0 ? itself : carrying(context, newest, newest);
};

const between =
  (from: number, to: number): WhichEntries =>
  context => {
    const { journal } = context.source;
    if (to > journal.last()) return t`there is no #${to}: the last is #${journal.last()}`;
    if (from < journal.first())
      return t`#${from} is no longer kept: the journal holds #${journal.first()} to #${journal.last()}`;
    const numbers = from === to ? ofRow(context, from) : carrying(context, from, to);
    if (numbers.length > 0) return numbers;
    return from === to
      ? t`#${from} is no call that carries bytes`
      : t`no call from #${from} to #${to} carries bytes`;
  };

/** Those that pass the log's filter: all of them where there is none. */
const shown: WhichEntries = context => {
  const world = context.store.getState();
  const range = logRange(world);
  const { filter } = world.view.log;
  const rows = range.last - Math.max(range.clearedTo, context.source.journal.first() - 1);
  // A filter looks at some entries a call.
  let window = context.log.window(filter, range, null, rows);
  while (window.behind > 0) window = context.log.window(filter, range, null, rows);
  // The bytes of a call are in its end.
  const told = window.entries.map(entry => window.calls.get(entry.n)?.ended ?? entry);
  const numbers = told
    .filter(carries)
    .map(({ n }) => n)
    .sort((a, b) => a - b);
  return numbers.length > 0 ? numbers : t('no call that the log shows carries bytes');
};

/** `#12`, `12`, `#12-#40`, `shown`. */
export const entriesNamed = (text: string): Parsed<WhichEntries> => {
  const written = text.trim();
  if (written === 'shown') return parsed(shown);
  const match = /^#?(\d{1,9})(?:(?:-|\.\.)#?(\d{1,9}))?$/.exec(written);
  if (!match) return refused(t`"${text}" names no entries: write #12, #12-#40, or shown`, 0, text.length);
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  if (to < from)
    return refused(t`#${from} comes after #${to}: write the first of them first`, 0, text.length);
  return parsed(between(from, to));
};

/** The entry that is open; else those that the log shows. */
export const lookedAtEntry = ({ view }: World): string => {
  const opened = view.overlays.findLast(({ kind }) => kind === 'entry');
  return opened?.kind === 'entry' ? `#${opened.n}` : 'shown';
};

import { type Entry, isTold, socketOf } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { isFileName, isSocketName } from '../../core/model/names.ts';
import { entryText } from '../../core/words/entry-text.ts';
import type { KeyWords } from '../../core/words/key-words.ts';
import { createRepeats, type Repeats } from './log-repeats.ts';

/** Characters of an entry's line that filter and search read. */
const textLimit = 300;

export type LogRange = {
  /** Entries up to this one were cleared away. */
  readonly clearedTo: number;
  /** The newest entry that the screen knows of. */
  readonly last: number;
};

export type LogWindow = {
  /** Oldest first, at most as many as asked for. */
  readonly entries: readonly Entry[];
  /** Which of them stand for all that their calls repeat: the last of those. Where there is a filter, none. */
  readonly repeats: readonly Repeats[];
  /** Entries that match the filter, as far as it has looked; null where there is none. */
  readonly matching: number | null;
  /** Entries that the filter has still to look at. */
  readonly behind: number;
};

/**
 * The journal as the log shows it: without samples and checkpoints, filtered. Only what is shown is touched; a
 * filter looks at each entry once, a bounded number of them a call, newest first.
 */
export type LogIndex = {
  readonly window: (filter: string, range: LogRange, bottom: number | null, rows: number) => LogWindow;
  /** The entry `rows` shown entries after `n` (before it where negative), or the last on the way there. */
  readonly step: (filter: string, range: LogRange, n: number, rows: number) => number;
  /** The nearest entry before (`by` -1) or after `n` whose line holds the text, coming round; null: none does. */
  readonly search: (text: string, filter: string, range: LogRange, n: number, by: 1 | -1) => number | null;
};

type Test = { readonly cost: number; readonly matches: (entry: Entry) => boolean };

const failed = (entry: Entry): boolean => entry.kind === 'ended' && entry.outcome.kind === 'error';

const wordTest = (word: string, keys: KeyWords): Test => {
  if (isSocketName(word) || isFileName(word)) return { cost: 1, matches: entry => touches(entry, word) };
  if (word === '!' || word === 'failed') return { cost: 1, matches: failed };
  const wanted = word.toLowerCase();
  return { cost: 25, matches: entry => entryText(entry, textLimit, keys).toLowerCase().includes(wanted) };
};

const touches = (entry: Entry, name: string): boolean => {
  if (socketOf(entry) === name) return true;
  if (entry.kind === 'finding') return entry.finding.sockets.includes(name);
  return entry.kind === 'ended' && entry.outcome.kind === 'made' && entry.outcome.name === name;
};

/** Every word must match; `-word` must not. A socket's name, `failed`, else any part of the line. */
const compile = (filter: string, keys: KeyWords): Test => {
  const tests = filter
    .split(/\s+/)
    .filter(Boolean)
    .map(word => {
      if (word.length === 1 || !word.startsWith('-')) return wordTest(word, keys);
      const inner = wordTest(word.slice(1), keys);
      return { cost: inner.cost, matches: (entry: Entry) => !inner.matches(entry) };
    });
  const cost = tests.reduce((sum, test) => sum + test.cost, 1);
  return { cost, matches: entry => tests.every(test => test.matches(entry)) };
};

/** Work a look at the journal may take, in cheap comparisons: about 5 ms. */
const budget = 40_000;

type Matches = {
  readonly filter: string;
  readonly test: Test;
  /** Numbers of matching entries, ascending: newer ones are pushed, older ones go to `older`, descending. */
  readonly newer: number[];
  readonly older: number[];
  scannedFrom: number;
  scannedTo: number;
};

/** Looks at more entries, as many as the budget allows; answers how many are left. */
const advance = (journal: Journal, matches: Matches, last: number): number => {
  let left = Math.ceil(budget / matches.test.cost);
  const look = (n: number, into: number[]) => {
    const entry = journal.at(n);
    if (entry && isTold(entry) && matches.test.matches(entry)) into.push(n);
    left--;
  };
  const first = journal.first();
  // In a flood entries may be dropped before they were looked at.
  matches.scannedTo = Math.max(matches.scannedTo, first - 1);
  while (left > 0 && matches.scannedTo < last) look(++matches.scannedTo, matches.newer);
  while (left > 0 && matches.scannedFrom > first) look(--matches.scannedFrom, matches.older);
  forget(matches, first);
  // In a replay the time may have gone back, to before what was looked at.
  return Math.max(0, last - matches.scannedTo) + Math.max(0, matches.scannedFrom - first);
};

/** Lets go of matches that the journal no longer holds, many at a time. */
const forget = ({ newer, older }: Matches, first: number): void => {
  if (older.length > 0 && older[0]! < first) older.length = 0;
  const half = newer.length >> 1;
  if (half > 1_000 && newer[half]! < first) newer.splice(0, half);
};

/** The i-th match in ascending order. */
const matchAt = ({ newer, older }: Matches, index: number): number | undefined =>
  index < older.length ? older[older.length - 1 - index] : newer[index - older.length];

const matchCount = ({ newer, older }: Matches): number => newer.length + older.length;

/** How many matches are at most `n`. */
const matchesUpTo = (matches: Matches, n: number): number => {
  let low = 0;
  let high = matchCount(matches);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matchAt(matches, middle)! <= n) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** `keys`: the reader's own, which lines name. */
export const createLogIndex = (journal: Journal, keys: KeyWords = null): LogIndex => {
  let known: Matches | null = null;

  const matchesOf = (filter: string, last: number): { matches: Matches; behind: number } => {
    if (known?.filter !== filter) {
      known = {
        filter,
        test: compile(filter, keys),
        newer: [],
        older: [],
        scannedFrom: last + 1,
        scannedTo: last,
      };
    }
    return { matches: known, behind: advance(journal, known, last) };
  };

  /** The next logged entry from `n` on in a direction, `n` itself included; undefined at an end. */
  const walk = (range: LogRange, n: number, by: 1 | -1): Entry | undefined => {
    const lowest = Math.max(journal.first(), range.clearedTo + 1);
    const from = by === 1 ? Math.max(n, lowest) : Math.min(n, range.last);
    for (let at = from; at >= lowest && at <= range.last; at += by) {
      const entry = journal.at(at);
      if (entry && isTold(entry)) return entry;
    }
    return undefined;
  };

  const repeatsAt = createRepeats(journal);

  const windowAll = (range: LogRange, bottom: number, rows: number) => {
    const entries: Entry[] = [];
    const repeats: Repeats[] = [];
    const rowOf = (
      entry: Entry,
    ): { readonly entry: Entry; readonly first: number; readonly last: number } => {
      const run = repeatsAt(entry.n, range.last);
      if (!run) return { entry, first: entry.n, last: entry.n };
      if (!repeats.includes(run)) repeats.push(run);
      return { entry: journal.at(run.to) ?? entry, first: run.from, last: run.to };
    };
    let newest = bottom;
    for (let entry = walk(range, bottom, -1); entry && entries.length < rows; ) {
      const row = rowOf(entry);
      if (entries.length === 0) newest = row.last;
      entries.push(row.entry);
      entry = walk(range, row.first - 1, -1);
    }
    entries.reverse();
    for (let entry = walk(range, newest + 1, 1); entry && entries.length < rows; ) {
      const row = rowOf(entry);
      // What is repeated has gone on since it was looked at.
      if (row.first <= (entries.at(-1)?.n ?? 0)) entries.pop();
      entries.push(row.entry);
      entry = walk(range, row.last + 1, 1);
    }
    return { entries, repeats };
  };

  const lowestMatch = (matches: Matches, range: LogRange): number =>
    matchesUpTo(matches, Math.max(range.clearedTo, journal.first() - 1));

  const windowMatching = (filter: string, range: LogRange, bottom: number, rows: number): LogWindow => {
    const { matches, behind } = matchesOf(filter, range.last);
    const low = lowestMatch(matches, range);
    const high = matchesUpTo(matches, range.last);
    const end = Math.min(high, Math.max(matchesUpTo(matches, bottom), low + rows));
    const entries: Entry[] = [];
    for (let index = Math.max(low, end - rows); index < end; index++) {
      const entry = journal.at(matchAt(matches, index)!);
      if (entry) entries.push(entry);
    }
    return { entries, repeats: [], matching: high - low, behind };
  };

  const stepAll = (range: LogRange, n: number, rows: number): number => {
    const by = rows < 0 ? -1 : 1;
    let at = n;
    for (let left = Math.abs(rows); left > 0; left--) {
      const run = repeatsAt(at, range.last);
      const entry = walk(range, ((by === 1 ? run?.to : run?.from) ?? at) + by, by);
      if (!entry) break;
      at = repeatsAt(entry.n, range.last)?.to ?? entry.n;
    }
    return at;
  };

  const stepMatching = (filter: string, range: LogRange, n: number, rows: number): number => {
    const { matches } = matchesOf(filter, range.last);
    const low = lowestMatch(matches, range);
    const high = matchesUpTo(matches, range.last) - 1;
    if (high < low) return n;
    const index = Math.min(high, Math.max(low, matchesUpTo(matches, n) - 1 + rows));
    return matchAt(matches, index) ?? n;
  };

  const step = (filter: string, range: LogRange, n: number, rows: number): number =>
    filter === '' ? stepAll(range, n, rows) : stepMatching(filter, range, n, rows);

  return {
    window: (filter, range, bottom, rows) => {
      const end = Math.min(bottom ?? range.last, range.last);
      if (filter !== '') return windowMatching(filter, range, end, rows);
      return { ...windowAll(range, end, rows), matching: null, behind: 0 };
    },
    step,
    search: (text, filter, range, n, by) => {
      const { matches } = compile(text, keys);
      const shown = filter === '' ? () => true : compile(filter, keys).matches;
      const lowest = Math.max(journal.first(), range.clearedTo + 1);
      const count = range.last - lowest + 1;
      for (let i = 1; i <= count; i++) {
        const at = lowest + ((((n - lowest + i * by) % count) + count) % count);
        const entry = journal.at(at);
        if (entry && isTold(entry) && shown(entry) && matches(entry)) return at;
      }
      return null;
    },
  };
};

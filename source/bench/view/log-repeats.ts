import { isProgram } from '../../core/model/actors.ts';
import { type Entry, isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';

/** Calls of one thread, over and over: the entries `from` to `to`, which the log shows as a row. */
export type Repeats = {
  readonly from: number;
  readonly to: number;
  /** What is repeated, in order: `p1.poll`, `p1.3.accept EAGAIN`. */
  readonly calls: readonly string[];
  readonly times: number;
};

type Ended = Extract<Entry, { kind: 'ended' }>;

/** A call that took longer, in ms, did not come back at once. */
const atOnceMs = 100;

/** As many calls at most are repeated together. */
const longest = 4;

/** Less often is told call by call. */
const fewest = 3;

/** Entries that one look back may read; what was found before is not read again. */
const budget = 2_000;

/** Runs that are kept: more than a screen has rows. */
const kept = 200;

/** An event loop that wakes so often, in ms, to see that none is ready, says nothing by that either. */
const tickMs = 1_100;

const isTick = ({ call, outcome }: Ended): boolean =>
  call.name === 'poll' && outcome.kind === 'none' && outcome.note !== undefined;

/** What a call of a process says that came back with nothing, at once or as an event loop's tick; '' for every other entry. */
const saidOf = (entry: Entry): string => {
  if (entry.kind !== 'ended' || isProgram(entry.actor)) return '';
  const { call, outcome } = entry;
  if (entry.t - (entry.startedAt ?? 0) > (isTick(entry) ? tickMs : atOnceMs)) return '';
  const name = `${call.on}.${call.name}`;
  if (outcome.kind === 'error') return outcome.code === 'EAGAIN' ? `${name} EAGAIN` : '';
  return call.name === 'poll' ? name : '';
};

/** The same call from one thread. */
const keyOf = (entry: Ended, said: string): string => `${entry.thread} ${said}`;

type Found = { readonly n: number; readonly key: string; readonly said: string };

/** How many entries from the newest on repeat after `period` of them. */
const lengthOf = (found: readonly Found[], period: number): number => {
  let length = period;
  while (length < found.length && found[length]!.key === found[length - period]!.key) length++;
  return length;
};

/** A poll is the first of those that follow it. */
const inOrder = (calls: readonly string[]): readonly string[] => {
  const first = Math.max(
    0,
    calls.findIndex(call => call.endsWith('.poll')),
  );
  return [...calls.slice(first), ...calls.slice(0, first)];
};

/** The last entry behind `n` up to which calls come back with nothing. */
const endFrom = (journal: Journal, n: number, last: number): number => {
  let end = n;
  for (let at = n; at <= Math.min(last, n + budget); at++) {
    const entry = journal.at(at);
    if (!entry) break;
    if (saidOf(entry) !== '') end = at;
    else if (isTold(entry) && entry.kind !== 'running') break;
  }
  return end;
};

/** The repeats that the entry `n` is one of, in a log that ends with `last`; null: it stands alone. */
export type FindRepeats = (n: number, last: number) => Repeats | null;

type Run = Repeats & { readonly length: number };

export const createRepeats = (journal: Journal): FindRepeats => {
  const runs: Run[] = [];

  /** Entries backwards from `n`, as long as they may be repeats; up to where a run that is known has told enough. */
  const collect = (n: number): { readonly found: readonly Found[]; readonly before: Run | null } => {
    const found: Found[] = [];
    const ids = new Set<number>();
    let before: Run | null = null;
    const lowest = Math.max(journal.first(), n - budget);
    for (let at = n; at >= lowest; at--) {
      const entry = journal.at(at);
      if (!entry) break;
      before ??= runs.find(run => run.to === at) ?? null;
      if (before && at <= before.to && found.length > 0 && knownEnough(before, found)) break;
      if (!isTold(entry) || (entry.kind === 'running' && ids.has(entry.id))) continue;
      const said = saidOf(entry);
      if (said === '' || entry.kind !== 'ended') break;
      ids.add(entry.id);
      found.push({ n: at, key: keyOf(entry, said), said });
    }
    return { found, before };
  };

  /** Of the run so much has been read that whether it goes on is seen. */
  const knownEnough = (run: Run, found: readonly Found[]): boolean =>
    found.filter(({ n }) => n <= run.to).length >= longest * fewest;

  const find = (n: number): Run | null => {
    const { found, before } = collect(n);
    for (let period = 1; period <= longest; period++) {
      const length = lengthOf(found, period);
      if (length < period * fewest) continue;
      const calls = inOrder(
        found
          .slice(0, period)
          .toReversed()
          .map(({ said }) => said),
      );
      const goesOn = before !== null && length === found.length && before.calls.length === period;
      const fresh = before ? found.filter(one => one.n > before.to).length : 0;
      const whole = goesOn ? before.length + fresh : length;
      const from = goesOn ? before.from : found[length - 1]!.n;
      return { from, to: n, calls, length: whole, times: Math.floor(whole / period) };
    }
    return null;
  };

  return (n, last) => {
    const known = runs.find(run => run.from <= n && n <= run.to && run.to <= last);
    if (known) return known;
    const entry = journal.at(n);
    if (!entry || saidOf(entry) === '') return null;
    const run = find(endFrom(journal, n, last));
    if (!run || run.from > n) return null;
    // The run that this one goes on from is a part of it.
    const shorter = runs.findIndex(({ from }) => from === run.from);
    if (shorter >= 0) runs.splice(shorter, 1);
    runs.push(run);
    if (runs.length > kept) runs.shift();
    return run;
  };
};

export const repeatsText = ({ calls, times }: Repeats): string => `${calls.join(', ')} x ${times}`;

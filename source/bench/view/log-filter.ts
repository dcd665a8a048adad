import { type Entry, socketOf } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import { isFileName, isSocketName } from '../../core/model/names.ts';
import { isFailure } from '../../core/model/switched-off.ts';
import { begunText, endedText, entryText } from '../../core/words/entry-text.ts';

/** Characters of an entry's line that filter and search read. */
const textLimit = 300;

/**
 * `cost`: of a look at one entry, in cheap comparisons. `folded`: the entry is the newest of a call whose entries are one row, and
 * its words are that row's.
 */
export type EntryTest = {
  readonly cost: number;
  readonly matches: (entry: Entry, folded?: boolean) => boolean;
};

const foldedText = (entry: Entry): string => {
  if (entry.kind === 'ended') return endedText(entry, textLimit, { whole: true });
  if (entry.kind === 'running' || entry.kind === 'queued') return begunText(entry, textLimit, null);
  return entryText(entry, textLimit);
};

const wordTest = (word: string, at: Journal['at']): EntryTest => {
  if (isSocketName(word) || isFileName(word)) return { cost: 1, matches: entry => touches(entry, word) };
  if (word === '!' || word === 'failed') return { cost: 1, matches: entry => isFailure(entry, at) };
  const wanted = word.toLowerCase();
  const matches = (entry: Entry, folded = false): boolean => {
    const text = folded ? foldedText(entry) : entryText(entry, textLimit);
    return text.toLowerCase().includes(wanted);
  };
  return { cost: 25, matches };
};

const touches = (entry: Entry, name: string): boolean => {
  if (socketOf(entry) === name) return true;
  if (entry.kind === 'finding') return entry.finding.sockets.includes(name);
  return entry.kind === 'ended' && entry.outcome.kind === 'made' && entry.outcome.name === name;
};

/** Every word must match; `-word` must not. A socket's name, `failed`, else any part of the line. */
export const compileFilter = (filter: string, at: Journal['at']): EntryTest => {
  const tests = filter
    .split(/\s+/)
    .filter(Boolean)
    .map(word => {
      if (word.length === 1 || !word.startsWith('-')) return wordTest(word, at);
      const inner = wordTest(word.slice(1), at);
      return { cost: inner.cost, matches: (entry: Entry, folded?: boolean) => !inner.matches(entry, folded) };
    });
  const cost = tests.reduce((sum, test) => sum + test.cost, 1);
  return { cost, matches: (entry, folded) => tests.every(test => test.matches(entry, folded)) };
};

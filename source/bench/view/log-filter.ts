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

/** Of one word; `text`, in lower case, is made once for all words of a filter. */
type WordTest = (entry: Entry, text: () => string) => boolean;

const wordTest = (word: string, at: Journal['at']): WordTest => {
  if (isSocketName(word) || isFileName(word)) return entry => touches(entry, word);
  if (word === '!' || word === 'failed') return entry => isFailure(entry, at);
  const wanted = word.toLowerCase();
  return (_, text) => text().includes(wanted);
};

/** What the text of an entry costs, and what a word does. */
const textCost = 25;
const wordCost = 1;

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
      return (entry: Entry, text: () => string) => !inner(entry, text);
    });
  const matches = (entry: Entry, folded = false): boolean => {
    let made: string | undefined;
    const text = () => (made ??= (folded ? foldedText(entry) : entryText(entry, textLimit)).toLowerCase());
    return tests.every(test => test(entry, text));
  };
  return { cost: textCost + wordCost * tests.length, matches };
};

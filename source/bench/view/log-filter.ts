import { type Entry, socketOf } from '../../core/model/entry.ts';
import { isFileName, isSocketName } from '../../core/model/names.ts';
import { entryText } from '../../core/words/entry-text.ts';
import type { KeyWords } from '../../core/words/key-words.ts';

/** Characters of an entry's line that filter and search read. */
const textLimit = 300;

/** `cost`: of a look at one entry, in cheap comparisons. */
export type EntryTest = { readonly cost: number; readonly matches: (entry: Entry) => boolean };

const failed = (entry: Entry): boolean => entry.kind === 'ended' && entry.outcome.kind === 'error';

const wordTest = (word: string, keys: KeyWords): EntryTest => {
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
export const compileFilter = (filter: string, keys: KeyWords): EntryTest => {
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

import { innerLine } from '../../core/language/line.ts';
import { substitute } from '../../core/language/substitute.ts';
import type { Values } from '../../core/language/values.ts';
import { claimSentence, claimSubject } from '../../core/words/claim-words.ts';
import { marked, t } from '../../core/words/translate.ts';
import { splitComment, splitExpectation } from '../line-words.ts';
import { readLine } from '../script.ts';
import type { Verdict } from '../verdict.ts';

/** A value longer than this would be all that a line shows: its name stands for it. */
const longestValue = 40;

/** A text with values in place of `$name`; of a name that has none yet, the name. */
export const withValues = (text: string, values: Values): string => {
  const names = [...text.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name!);
  const known = names.map(name => {
    const value = Object.hasOwn(values, name) ? values[name]! : name;
    return [name, value.length > longestValue ? name : value] as const;
  });
  const filled = substitute(text, Object.fromEntries(known));
  return filled.ok ? filled.value : text;
};

const isClaim = (call: string): boolean => /^expect\b/.test(call);

/** Whether a line looks, and calls nothing. */
export const isFact = (text: string): boolean => isClaim(splitExpectation(text).call);

/** A call as it is read: that it is started and not waited for is told once that has happened. */
const callText = (call: string): string =>
  call
    .replace(/\s+&$/, '')
    .replace(/^wait (.*)/s, (_, what: string) => t`wait for ${what}`)
    .replace(
      /^repeat (\d+) every (\S+) (?=\S)/,
      (_, times: string, pause: string) => t`${times} times, every ${pause}: `,
    )
    .replace(/^repeat (\d+) (?=\S)/, (_, times: string) => t`${times} times: `);

const factText = (text: string, values: Values, wasLookedAt: boolean): string => {
  const read = readLine(text, values);
  const line = read.ok ? innerLine(read.line) : null;
  if (line?.kind !== 'expect') return t('look at the whole bench');
  return wasLookedAt ? claimSentence(line.claim) : claimSubject(line.claim);
};

export type PlainLine = { readonly text: string; readonly comment: string };

/** A line of a lab in the words of its reader; `over`: it has run, so that what it was to show may be told. */
export const plainLine = (text: string, values: Values, over: boolean): PlainLine => {
  if (isFact(text))
    return { text: factText(text, values, over), comment: over ? splitComment(text).comment : '' };
  const { call } = splitExpectation(splitComment(text).text);
  return { text: callText(withValues(call, values)), comment: over ? splitComment(text).comment : '' };
};

const stillThere: Readonly<Record<string, string>> = {
  blocked: marked('blocks'),
  queued: marked('has not begun: its thread is busy'),
};

const found = (call: string, { found: what }: Verdict): string => {
  if (what in stillThere) return t(stillThere[what]!);
  if (what === '' || call.startsWith(`${what} = `)) return /&$/.test(call) ? t('begun') : '';
  return `= ${what}`;
};

/** What a lesson has at a line that went otherwise, as its writer wrote it. */
const wantedOf = (text: string, values: Values): string => {
  const { expectation } = splitExpectation(splitComment(text).text);
  const wanted = withValues(expectation.replace(/^=>\s*/, ''), values);
  const there = stillThere[wanted.split(' ')[0]!];
  return wanted === '' ? t('no error') : there ? t(there) : wanted;
};

/** What came of a line, in words; '' for nothing to say. */
export const plainResult = (text: string, values: Values, verdict: Verdict): string => {
  const { call } = splitExpectation(splitComment(text).text);
  const { status } = verdict;
  if (status === 'skipped') return verdict.reason;
  if (isFact(text)) return status === 'failed' ? t('it is not so here') : '';
  const came = found(call, verdict);
  if (status === 'failed')
    return t`${came === '' ? verdict.found : came}; this lesson has: ${wantedOf(text, values)}`;
  const goesOn = /&$/.test(call) || verdict.found in stillThere;
  return goesOn ? t`${came}; goes on without waiting` : came;
};

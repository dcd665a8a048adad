import { beginsBytes, formatBytes, parseBytes } from '../bytes/bytes-text.ts';
import type { Act, Occasion, Rule, Search } from '../model/rule.ts';
import { t } from '../words/translate.ts';
import { parseTime } from './expectation-text.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import { groupCount, type Pattern, readPattern, writePattern } from './pattern-text.ts';
import { formatParts, parseParts, writeBytes } from './rule-parts.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, refusedAt, type Taken, type Token, tokenize } from './tokens.ts';
import { formatDuration } from './units.ts';

/** Why an expression cannot be searched for, null where it can: compiling it is not this grammar's. */
export type CheckPattern = (pattern: Pattern) => string | null;

/** Acts by their words. */
const plainActs = {
  echo: 'echo',
  discard: 'discard',
  'half-close': 'shut',
  close: 'close',
  reset: 'reset',
} as const;

const actWords = ['send', ...Object.keys(plainActs)];

const isPlainAct = (word: string): word is keyof typeof plainActs => Object.hasOwn(plainActs, word);

const example = 'recv "PING" send "PONG"';

const taken = <T>(value: T, used: number): Parsed<Taken<T>> => parsed({ value, used });

const parts: Readonly<Record<string, 'prefix' | 'contains'>> = { starts: 'prefix', contains: 'contains' };

const bytesSearch = (
  kind: 'equals' | 'prefix' | 'contains',
  tokens: readonly Token[],
): Parsed<Taken<Search>> => {
  const bytes = parseBytes(tokens);
  if (!bytes.ok) return bytes;
  const { value, used } = bytes.value;
  if (value.kind !== 'literal')
    return refusedAt(tokens[0]!, t`what a rule looks for is text, hex or an expression, as in ${example}`);
  if (value.data.length === 0)
    return refusedAt(
      tokens[0]!,
      t('nothing is everywhere: put a byte between the quotes, or leave them out'),
    );
  return taken({ kind, bytes: value.data }, used);
};

/** What stands behind `recv`; what is no search is left for the acts. */
const parseSearch = (tokens: readonly Token[], recv: Token, check: CheckPattern): Parsed<Taken<Search>> => {
  const [first] = tokens;
  const word = first?.text ?? '';
  const part = Object.hasOwn(parts, word) ? parts[word] : undefined;
  if (first && part !== undefined) {
    const rest = tokens.slice(1);
    if (!beginsBytes(rest))
      return refused(t`${word} needs bytes, as in ${recv.text} ${word} "GET " echo`, endColumn([first]));
    const search = bytesSearch(part, rest);
    return search.ok ? taken(search.value.value, search.value.used + 1) : search;
  }
  if (first && word.startsWith('/')) {
    const pattern = readPattern(first);
    if (!pattern.ok) return pattern;
    const problem = check(pattern.value);
    return problem === null
      ? taken({ kind: 'pattern', pattern: pattern.value }, 1)
      : refusedAt(first, problem);
  }
  return beginsBytes(tokens) ? bytesSearch('equals', tokens) : taken({ kind: 'any' }, 0);
};

/** A rule that begins with what it does answers whatever comes. */
const parseOccasion = (tokens: readonly Token[], check: CheckPattern): Parsed<Taken<Occasion>> => {
  const [first, ...rest] = tokens;
  if (first?.text === 'accept') return taken({ kind: 'accept' }, 1);
  if (first?.text !== 'recv') return taken({ kind: 'recv', search: { kind: 'any' } }, 0);
  const search = parseSearch(rest, first, check);
  return search.ok ? taken({ kind: 'recv', search: search.value.value }, search.value.used + 1) : search;
};

/** Groups that what is sent may name; null: nothing was received. */
const groupsOf = (on: Occasion): number | null => {
  if (on.kind === 'accept') return null;
  return on.search.kind === 'pattern' ? groupCount(on.search.pattern) : 0;
};

const parseSend = (tokens: readonly Token[], send: Token, groups: number | null): Parsed<Taken<Act>> => {
  const [what] = tokens;
  if (!what || !beginsBytes(tokens))
    return refused(t('send needs bytes, as in send "PONG\\r\\n" or send hex"01 03"'), endColumn([send]));
  const bytes = parseBytes(tokens);
  if (!bytes.ok) return bytes;
  const { value } = bytes.value;
  if (value.kind === 'file') return taken({ kind: 'file', path: value.path, data: null }, 2);
  if (value.kind !== 'literal') return refusedAt(what, t('a rule sends text, hex or a file"path"'));
  if (value.data.length === 0) return refusedAt(what, t('nothing is sent: write discard to answer nothing'));
  if (value.notation === 'hex')
    return taken({ kind: 'send', parts: [{ kind: 'bytes', data: value.data }] }, 2);
  const read = parseParts(what, groups);
  return read.ok ? taken({ kind: 'send', parts: read.value }, 2) : read;
};

const parseAct = (tokens: readonly Token[], end: number, groups: number | null): Parsed<Taken<Act>> => {
  const [first] = tokens;
  const list = t`write ${actWords.join(', ')}, as in ${example}`;
  if (!first) return refused(t`what does the rule do? Write ${actWords.join(', ')}, as in ${example}`, end);
  if (first.text === 'send') return parseSend(tokens.slice(1), first, groups);
  if (isPlainAct(first.text)) return taken({ kind: plainActs[first.text] }, 1);
  if (beginsBytes(tokens)) return refusedAt(first, t`what is done with ${first.text}? Write send before it`);
  const known = [...actWords, 'accept', 'recv'];
  return refusedAt(
    first,
    t`${first.text} is nothing that a rule does${didYouMean(first.text, known, t`: ${list}`)}`,
  );
};

const parseActs = (
  tokens: readonly Token[],
  end: number,
  groups: number | null,
): Parsed<Taken<readonly Act[]>> => {
  const acts: Act[] = [];
  let used = 0;
  for (;;) {
    const at = tokens[used];
    const last = acts.at(-1);
    if (at && (last?.kind === 'close' || last?.kind === 'reset'))
      return refusedAt(at, t`nothing can be done behind ${last.kind}: it comes last`);
    const act = parseAct(tokens.slice(used), end, groups);
    if (!act.ok) return act;
    acts.push(act.value.value);
    used += act.value.used;
    if (tokens[used]?.text !== 'then') return taken(acts, used);
    used++;
  }
};

const parseAfter = (tokens: readonly Token[]): Parsed<number> => {
  const [after, time, more] = tokens;
  if (!after) return parsed(0);
  if (after.text !== 'after')
    return refusedAt(after, t`${after.text} is too much: what may follow is then, or after 200ms`);
  const ms = parseTime(time, after);
  if (ms.ok && more) return refusedAt(more, t`${more.text} is too much: after 200ms comes last`);
  return ms;
};

const anyPattern: CheckPattern = () => null;

/** `recv /^GET (\S+)/ send "200 $1\r\n" after 200ms`. `end` is the column of what is missing. */
export const parseRule = (
  tokens: readonly Token[],
  end: number,
  check: CheckPattern = anyPattern,
): Parsed<Rule> => {
  const on = parseOccasion(tokens, check);
  if (!on.ok) return on;
  const rest = tokens.slice(on.value.used);
  const acts = parseActs(rest, end, groupsOf(on.value.value));
  if (!acts.ok) return acts;
  const after = parseAfter(rest.slice(acts.value.used));
  return after.ok ? parsed({ on: on.value.value, acts: acts.value.value, after: after.value }) : after;
};

/** A rule alone, as it is given on the command line or in a form. */
export const parseRuleText = (text: string, check?: CheckPattern): Parsed<Rule> => {
  const tokens = tokenize(text);
  return tokens.ok ? parseRule(tokens.value, endColumn(tokens.value), check) : tokens;
};

const formatSearch = (search: Search): string => {
  switch (search.kind) {
    case 'any':
      return '';
    case 'equals':
      return ` ${writeBytes(search.bytes)}`;
    case 'prefix':
      return ` starts ${writeBytes(search.bytes)}`;
    case 'contains':
      return ` contains ${writeBytes(search.bytes)}`;
    case 'pattern':
      return ` ${writePattern(search.pattern)}`;
  }
};

const formatAct = (act: Act): string => {
  switch (act.kind) {
    case 'echo':
    case 'discard':
    case 'close':
    case 'reset':
      return act.kind;
    case 'shut':
      return 'half-close';
    case 'send':
      return `send ${formatParts(act.parts)}`;
    case 'file':
      return `send ${formatBytes({ kind: 'file', path: act.path, data: null })}`;
  }
};

/** As parseRule reads it back. */
export const formatRule = ({ on, acts, after }: Rule): string => {
  const occasion = on.kind === 'accept' ? 'accept' : `recv${formatSearch(on.search)}`;
  const pause = after === 0 ? '' : ` after ${formatDuration(after)}`;
  return `${occasion} ${acts.map(formatAct).join(' then ')}${pause}`;
};

import type { Call } from '../calls/call.ts';
import { t } from '../words/translate.ts';
import { checkName, keywords, parseTarget, readCall, writeCall } from './call-text.ts';
import { parseClaim } from './claim-text.ts';
import type { Claim, Expectation, Target } from './expectation.ts';
import { parseExpectation, parseTime } from './expectation-text.ts';
import { type Parsed, parsed, type Refused, refused } from './parsed.ts';
import { mostRounds, parseStatement, parseUntil, type Statement, type Until } from './statement-text.ts';
import { endColumn, isOperator, refusedAt, type Token, tokenize } from './tokens.ts';

/** One line of a lab, of `run` or of the palette. */
export type Line =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'call';
      readonly call: Call;
      /** A trailing `&`: start it, do not wait for its end. */
      readonly background: boolean;
      readonly expectation: Expectation | null;
    }
  | { readonly kind: 'wait'; readonly target: Target; readonly expectation: Expectation | null }
  | { readonly kind: 'cancel'; readonly target: Target; readonly expectation: Expectation | null }
  | { readonly kind: 'expect'; readonly claim: Claim }
  | Statement
  /** Real recv calls until the delimiter came; `as` is the variable that takes what they brought, '' for none. */
  | ({ readonly kind: 'until'; readonly as: string; readonly expectation: Expectation | null } & Until)
  /** The rest of the line, `count` times; `every`: ms from the start of one round to that of the next. */
  | { readonly kind: 'repeat'; readonly count: number; readonly every: number | null; readonly line: Line };

/** `c1.connect 127.0.0.1:51423`, parentheses and commas optional; no `&` and no `=>`. */
export const parseCall = (text: string): Parsed<Call> => {
  const tokens = tokenize(text);
  return tokens.ok ? readCall(tokens.value) : tokens;
};

/** What the log prints left of ` = `; parseCall reads it back. With `limit` bytes are cut after that many characters. */
export const formatCall = (call: Call, limit?: number): string => writeCall(call, limit);

/** The words left of `=>`, and those right of it or null where there is none. */
const split = (
  tokens: readonly Token[],
): Parsed<{ left: readonly Token[]; right: readonly Token[] | null }> => {
  const arrow = tokens.findIndex(token => isOperator(token, '=>'));
  if (arrow < 0) return parsed({ left: tokens, right: null });
  const right = tokens.slice(arrow + 1);
  const second = right.find(token => isOperator(token, '=>'));
  if (second) return refusedAt(second, t('one => is enough: a call ends once'));
  if (right.length > 0) return parsed({ left: tokens.slice(0, arrow), right });
  return refusedAt(tokens[arrow]!, t('what is expected? Write for instance => ok, => "hi" or => ECONNRESET'));
};

const expectationOf = (right: readonly Token[] | null): Parsed<Expectation | null> =>
  right === null ? parsed(null) : parseExpectation(right);

const withTarget = (
  kind: 'wait' | 'cancel',
  left: readonly Token[],
  expectation: Expectation | null,
): Parsed<Line> => {
  const [, head, extra] = left;
  if (!head) return refused(t`${kind} needs a call, as in ${kind} c1.recv`, endColumn(left));
  if (extra) return refusedAt(extra, t`${extra.text} is too much: ${kind} takes one call without arguments`);
  const target = parseTarget(head);
  return target.ok ? parsed({ kind, target: target.value, expectation }) : target;
};

const untilLine = (left: readonly Token[], expectation: Expectation | null): Parsed<Line> | null => {
  const named = isOperator(left[1], '=');
  const until = parseUntil(named ? left.slice(2) : left);
  if (!until?.ok) return until;
  if (named) {
    const wrong = checkName(left[0]!, { on: until.value.on, name: 'recv' });
    if (wrong) return wrong;
  }
  const kind = expectation?.value.kind;
  if (kind === 'blocked' || kind === 'queued')
    return refusedAt(
      left[0]!,
      t('recv until waits for the delimiter: what it receives can be expected, not that it waits'),
    );
  return parsed({ kind: 'until', as: named ? left[0]!.text : '', expectation, ...until.value });
};

const callLine = (left: readonly Token[], expectation: Expectation | null): Parsed<Line> => {
  const last = left.at(-1);
  const background = isOperator(last, '&');
  const until = untilLine(background ? left.slice(0, -1) : left, expectation);
  if (until && !(until.ok && background)) return until;
  if (until) return refusedAt(last!, t('recv until is several calls and waits for its end: leave out the &'));
  const call = readCall(background ? left.slice(0, -1) : left);
  return call.ok ? parsed({ kind: 'call', call: call.value, background, expectation }) : call;
};

const problemOf = (left: readonly Token[], first: string): Refused | undefined => {
  if (left.length === 0) return refused(t('what is expected of what? Write a call left of =>'), 0);
  const amp = left.slice(0, keywords.includes(first) ? undefined : -1).find(token => isOperator(token, '&'));
  return amp && refusedAt(amp, t('& stands at the end of a call, and starts it without waiting'));
};

/** `repeat 5 every 200ms a1.send "x"`: what is behind the count and the time is a line of its own. */
const repeatLine = (tokens: readonly Token[]): Parsed<Line> => {
  const [head, count, every] = tokens;
  const example = t('as in repeat 5 every 200ms a1.send "x"');
  if (!count) return refused(t`how often? Write a number and a line, ${example}`, endColumn([head!]));
  const rounds = /^\d{1,7}$/.test(count.text) ? Number(count.text) : Number.NaN;
  if (!(rounds >= 1 && rounds <= mostRounds))
    return refusedAt(
      count,
      t`${count.text} is no count of rounds: write a whole number from 1 to ${mostRounds}`,
    );
  const timed = every?.text === 'every';
  const ms = timed ? parseTime(tokens[3], every) : parsed(null);
  if (!ms.ok) return ms;
  const rest = tokens.slice(timed ? 4 : 2);
  if (rest.length === 0)
    return refused(t`what is repeated? Write a line behind it, ${example}`, endColumn(tokens));
  if (rest[0]!.text === 'repeat') return refusedAt(rest[0]!, t('one repeat is enough: multiply the counts'));
  const line = readTokens(rest);
  return line.ok ? parsed({ kind: 'repeat', count: rounds, every: ms.value, line: line.value }) : line;
};

const nothingExpected = (right: readonly Token[] | null, what: string): Refused | undefined =>
  right?.[0] && refusedAt(right[0], t`${what} stands alone: => belongs behind a call`);

/** A line of at least one token. */
const readTokens = (tokens: readonly Token[]): Parsed<Line> => {
  if (tokens[0]!.text === 'repeat' && !isOperator(tokens[1], '=')) return repeatLine(tokens);
  const sides = split(tokens);
  if (!sides.ok) return sides;
  const { left, right } = sides.value;
  const first = isOperator(left[1], '=') ? '' : (left[0]?.text ?? '');
  const problem = problemOf(left, first);
  if (problem) return problem;
  const statement = parseStatement(left);
  if (statement) return (statement.ok && nothingExpected(right, first)) || statement;
  if (first === 'expect') {
    const extra = nothingExpected(right, 'expect');
    if (extra) return extra;
    const claim = parseClaim(left.slice(1), endColumn(left));
    return claim.ok ? parsed({ kind: 'expect', claim: claim.value }) : claim;
  }
  const expectation = expectationOf(right);
  if (!expectation.ok) return expectation;
  if (first === 'wait' || first === 'cancel') return withTarget(first, left, expectation.value);
  return callLine(left, expectation.value);
};

/** A whole line: call, wait, cancel, expect, sleep, repeat, policy, loop, comment or nothing. */
export const parseLine = (text: string): Parsed<Line> => {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  return tokens.value.length === 0 ? parsed({ kind: 'empty' }) : readTokens(tokens.value);
};

/** The line that does something: of a repeated line the one that is repeated. */
export const innerLine = (line: Line): Exclude<Line, { kind: 'repeat' }> =>
  line.kind === 'repeat' ? innerLine(line.line) : line;

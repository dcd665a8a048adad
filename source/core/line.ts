import type { Call } from './call.ts';
import { keywords, parseTarget, readCall, writeCall } from './call-text.ts';
import { parseClaim } from './claim-text.ts';
import type { Claim, Expectation, Target } from './expectation.ts';
import { parseExpectation } from './expectation-text.ts';
import { type Parsed, parsed, type Refused, refused } from './parsed.ts';
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
  | { readonly kind: 'expect'; readonly claim: Claim };

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
  if (second) return refusedAt(second, 'one => is enough: a call ends once');
  if (right.length > 0) return parsed({ left: tokens.slice(0, arrow), right });
  return refusedAt(tokens[arrow]!, 'what is expected? Write for instance => ok, => "hi" or => ECONNRESET');
};

const expectationOf = (right: readonly Token[] | null): Parsed<Expectation | null> =>
  right === null ? parsed(null) : parseExpectation(right);

const withTarget = (
  kind: 'wait' | 'cancel',
  left: readonly Token[],
  expectation: Expectation | null,
): Parsed<Line> => {
  const [, head, extra] = left;
  if (!head) return refused(`${kind} needs a call, as in ${kind} c1.recv`, endColumn(left));
  if (extra) return refusedAt(extra, `${extra.text} is too much: ${kind} takes one call without arguments`);
  const target = parseTarget(head);
  return target.ok ? parsed({ kind, target: target.value, expectation }) : target;
};

const callLine = (left: readonly Token[], expectation: Expectation | null): Parsed<Line> => {
  const last = left.at(-1);
  const background = isOperator(last, '&');
  const call = readCall(background ? left.slice(0, -1) : left);
  return call.ok ? parsed({ kind: 'call', call: call.value, background, expectation }) : call;
};

const problemOf = (left: readonly Token[], first: string): Refused | undefined => {
  if (left.length === 0) return refused('what is expected of what? Write a call left of =>', 0);
  const amp = left.slice(0, keywords.includes(first) ? undefined : -1).find(token => isOperator(token, '&'));
  return amp && refusedAt(amp, '& stands at the end of a call, and starts it without waiting');
};

/** A whole line: call, wait, cancel, expect, comment or nothing. */
export const parseLine = (text: string): Parsed<Line> => {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  if (tokens.value.length === 0) return parsed({ kind: 'empty' });
  const sides = split(tokens.value);
  if (!sides.ok) return sides;
  const { left, right } = sides.value;
  const first = isOperator(left[1], '=') ? '' : (left[0]?.text ?? '');
  const problem = problemOf(left, first);
  if (problem) return problem;
  if (first === 'expect') {
    if (right) return refusedAt(right[0]!, 'expect stands alone: => belongs behind a call');
    const claim = parseClaim(left.slice(1), endColumn(left));
    return claim.ok ? parsed({ kind: 'expect', claim: claim.value }) : claim;
  }
  const expectation = expectationOf(right);
  if (!expectation.ok) return expectation;
  if (first === 'wait' || first === 'cancel') return withTarget(first, left, expectation.value);
  return callLine(left, expectation.value);
};

import { recvUntil, type UntilEnd } from '../bench/behaviours/recv-until.ts';
import type { Bench } from '../bench/engine/bench.ts';
import { quoteBytes } from '../core/bytes/payload.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import { formatSpan } from '../core/language/expectation-text.ts';
import type { Line } from '../core/language/line.ts';
import { formatDuration, formatSize } from '../core/language/units.ts';
import { carriesDatagrams } from '../core/model/transports.ts';
import { formatOutcome } from '../core/words/outcome-text.ts';
import { t } from '../core/words/translate.ts';
import { matches } from './matches.ts';
import { done, judged, unexpectedError, type Verdict } from './verdict.ts';

type UntilLine = Extract<Line, { kind: 'until' }>;

const shown = 200;

/** `, behind "abc"`: what had come by then. */
const behind = ({ data }: UntilEnd): string =>
  data.length === 0 ? '' : t`, behind ${quoteBytes(data, shown)} (${data.length} bytes)`;

const outcomeOf = (end: UntilEnd): Outcome =>
  end.kind === 'failed' ? end.failure : { kind: 'data', data: end.data };

/** Why the delimiter was not found, in the words of a line's `found`; null where it was. */
const lackOf = (line: UntilLine, end: UntilEnd): string | null => {
  const wanted = t`no ${quoteBytes(line.delimiter)}`;
  switch (end.kind) {
    case 'found':
      return null;
    case 'eof':
      return `EOF${behind(end)}`;
    case 'late':
      return t`${wanted} within ${formatDuration(line.within)}${behind(end)}`;
    case 'full':
      return t`${wanted} within ${formatSize(end.data.length)}, which is too much`;
    case 'failed':
      return `${formatOutcome(end.failure, end.call, shown)}${behind(end)}`;
  }
};

const untimely = ({ expectation }: UntilLine, took: number): string | null => {
  const span = expectation?.span;
  if (!span || (took >= span.from && took <= span.to)) return null;
  return t`expected ${formatSpan(span)}, it took ${formatDuration(Number(took.toFixed(3)))}`;
};

const verdictOf = (line: UntilLine, end: UntilEnd, took: number | null): Verdict => {
  const lack = lackOf(line, end);
  const outcome = outcomeOf(end);
  const { expectation } = line;
  const wanted = expectation?.value.kind;
  const found = lack ?? formatOutcome(outcome, end.call, shown);
  if (end.kind === 'failed' && !expectation)
    return unexpectedError(end.failure, found, end.id) ?? done(found, end.id);
  if (lack !== null && end.kind !== 'failed' && wanted !== 'any' && !(wanted === 'eof' && end.kind === 'eof'))
    return judged(t`expected bytes up to ${quoteBytes(line.delimiter)}, found ${lack}`, found, end.id);
  if (!expectation) return done(found, end.id);
  const value = lack !== null && end.kind !== 'failed' ? true : matches(expectation, outcome, end.call);
  const late = took === null ? null : untimely(line, took);
  return judged(value === true && late !== null ? late : value, found, end.id);
};

/** Runs `recv until`; `outcome` is what a variable gets: what was received, whatever ended it. */
export const runUntil = async (
  bench: Bench,
  line: UntilLine,
  judgeTimes: boolean,
): Promise<{ readonly verdict: Verdict; readonly outcome: Outcome }> => {
  bench.flush();
  const socket = bench.state().sockets.get(line.on);
  if (socket && carriesDatagrams(socket)) {
    const reason = t`recv until reads a stream, and ${line.on} has datagrams: recv takes one whole`;
    return { verdict: judged(reason, '', 0), outcome: { kind: 'none' } };
  }
  const began = bench.now();
  const end = await recvUntil(bench, line);
  const verdict = verdictOf(line, end, judgeTimes ? bench.now() - began : null);
  return { verdict, outcome: { kind: 'data', data: end.data } };
};

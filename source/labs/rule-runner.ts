import type { Bench } from '../bench/engine/bench.ts';
import { ruleLine } from '../commands/sockets/rule-line.ts';
import type { RuleStatement } from '../core/language/rule-statement.ts';
import { done, judged, type Verdict } from './verdict.ts';

/** A line that gives a socket a rule, or changes one: it fails where there is no such socket or rule. */
export const runRule = (bench: Bench, line: RuleStatement): Verdict => {
  const { ok, message } = ruleLine(bench, line);
  return ok ? done(message, 0) : { ...judged(message, '', 0), unexpected: true };
};

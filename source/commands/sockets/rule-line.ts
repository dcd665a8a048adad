import { rulePatternProblem } from '../../bench/behaviours/rule-pattern.ts';
import type { Bench } from '../../bench/engine/bench.ts';
import { innerLine, type Line } from '../../core/language/line.ts';
import { type Refused, refused } from '../../core/language/parsed.ts';
import { placeProblem } from '../../core/language/rule-place.ts';
import type { RuleStatement } from '../../core/language/rule-statement.ts';
import { listed } from '../../core/words/listed.ts';
import { t } from '../../core/words/translate.ts';

/** Why the expression of a line's rule cannot be searched for, where it stands; null where it can, or there is none. */
export const ruleRefusal = (line: Line, text: string): Refused | null => {
  const inner = innerLine(line);
  if (inner.kind !== 'rule' || inner.rule.on.kind !== 'recv') return null;
  const { search } = inner.rule.on;
  const problem = search.kind === 'pattern' ? rulePatternProblem(search.pattern) : null;
  return problem === null ? null : refused(problem, Math.max(0, text.indexOf('/')));
};

/** What became of it, in words. */
type Done = { readonly ok: boolean; readonly message: string };

/** Gives a socket a rule, or changes one. */
export const ruleLine = (
  bench: Pick<Bench, 'flush' | 'state' | 'addRule' | 'setRule' | 'moveRule'>,
  line: RuleStatement,
): Done => {
  bench.flush();
  const { sockets, rules } = bench.state();
  if (line.kind === 'rule') {
    const problem = placeProblem(line.socket, line.rule, sockets);
    if (problem !== null) return { ok: false, message: problem };
    return { ok: true, message: `rule ${bench.addRule(line.socket, line.rule)}` };
  }
  const { number, to } = line;
  const isMove = to === 'up' || to === 'down';
  if (isMove ? bench.moveRule(number, to) : bench.setRule(number, to))
    return { ok: true, message: `rule ${number} ${to}` };
  const rule = rules.find(each => each.number === number);
  if (isMove && rule)
    return {
      ok: false,
      message:
        to === 'up'
          ? t`rule ${number} is the first of ${rule.socket}: rules move among those of their socket`
          : t`rule ${number} is the last of ${rule.socket}: rules move among those of their socket`,
    };
  if (rules.length === 0) return { ok: false, message: t`there is no rule ${number}: no socket has one` };
  const there = listed(
    rules.map(each => String(each.number)),
    'and',
  );
  return { ok: false, message: t`there is no rule ${number}: there is ${there}` };
};

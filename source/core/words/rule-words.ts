import { safeText } from '../bytes/payload.ts';
import { formatRule } from '../language/rule-text.ts';
import { humanDuration } from '../language/units.ts';
import type { RuleState } from '../model/rule.ts';
import { t } from './translate.ts';

/** The rules of all sockets, those of a socket together, each in the order in which they are tried. */
export const rulesListed = (rules: readonly RuleState[]): readonly RuleState[] =>
  [...new Set(rules.map(({ socket }) => socket))].flatMap(name =>
    rules.filter(({ socket }) => socket === name),
  );

/** `3 hits, last sendall "PONG" 2.1s ago`, `no hit yet`. */
export const answeredWords = ({ hits = 0, last }: RuleState, now: number): string => {
  if (hits === 0 && !last) return t('no hit yet');
  const counted = hits === 1 ? t('1 hit') : t`${hits} hits`;
  if (!last) return counted;
  return t`${counted}, last ${safeText(last.call)} ${humanDuration(Math.max(0, now - last.t))} ago`;
};

/** `s1 rule 1 on: recv "PING" send "PONG" (3 hits)`. */
export const ruleWords = (rule: RuleState, now: number): string => {
  const { socket, number, enabled } = rule;
  const text = safeText(formatRule(rule.rule));
  return t`${socket} rule ${number} ${enabled ? 'on' : 'off'}: ${text} (${answeredWords(rule, now)})`;
};

import { letterWords } from '../model/actors.ts';
import { isOwnSocketName, isSocketName } from '../model/names.ts';
import type { Rule } from '../model/rule.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import { parseRule } from './rule-text.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, refusedAt, type Token } from './tokens.ts';

/** What becomes of a rule; `gone`: it is taken away; `up`, `down`: among those of its socket, of which the first that fits answers. */
export const ruleChanges = ['on', 'off', 'gone', 'up', 'down'] as const;

export type RuleChange = (typeof ruleChanges)[number];

/** `s1.on accept echo`, `rule 2 off`: lines that are no call and expect nothing. */
export type RuleStatement =
  | { readonly kind: 'rule'; readonly socket: string; readonly rule: Rule }
  | { readonly kind: 'change-rule'; readonly number: number; readonly to: RuleChange };

const example = 'rule 2 off';

const changeLine = (tokens: readonly Token[]): Parsed<RuleStatement> => {
  const [head, number, to, more] = tokens;
  if (!number) return refused(t`which rule? Write its number, as in ${example}`, endColumn([head!]));
  if (!/^[1-9]\d{0,8}$/.test(number.text))
    return refusedAt(number, t`${number.text} is no number of a rule: write it as in ${example}`);
  const list = t`write ${ruleChanges.join(', ')}, as in ${example}`;
  if (!to) return refused(list, endColumn(tokens));
  const change = ruleChanges.find(each => each === to.text);
  if (change === undefined)
    return refusedAt(to, t`${to.text} is not meant here${didYouMean(to.text, ruleChanges, t`: ${list}`)}`);
  if (more) return refusedAt(more, t`${more.text} is too much: ${example}`);
  return parsed({ kind: 'change-rule', number: Number(number.text), to: change });
};

const isRuleOf = /^(.*)\.on$/;

/** Null where the line begins with no word of a rule's. */
export const parseRuleStatement = (tokens: readonly Token[]): Parsed<RuleStatement> | null => {
  const [head, ...rest] = tokens;
  if (head?.text === 'rule') return changeLine(tokens);
  const socket = isRuleOf.exec(head?.text ?? '')?.[1];
  if (!head || socket === undefined) return null;
  if (!isOwnSocketName(socket))
    return refusedAt(
      head,
      isSocketName(socket)
        ? t`${socket} is a process's: rules are for sockets of the bench`
        : t`${socket} is no socket: names are a letter and a number, ${letterWords()}`,
    );
  const rule = parseRule(rest, endColumn(tokens));
  return rule.ok ? parsed({ kind: 'rule', socket, rule: rule.value }) : rule;
};

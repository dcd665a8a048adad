import { calls } from '../calls/calls.ts';
import { formatCall } from '../language/line.ts';
import { formatRule } from '../language/rule-text.ts';
import type { EndedEntry, RuleEntry } from '../model/entry.ts';
import { withMoved, withRule } from '../model/rule.ts';
import type { SocketState } from '../model/state.ts';
import type { StateDraft } from './draft.ts';

/** What a rule had put off goes with it. */
const foldPutOff = (draft: StateDraft, number: number): void => {
  for (const { name, again } of draft.state.sockets.values()) {
    if (again?.rule !== number) continue;
    const waiting = draft.socket(name);
    if (waiting) waiting.again = undefined;
  }
};

export const foldRule = (draft: StateDraft, { number, socket, rule, now, moved }: RuleEntry): void => {
  const { rules } = draft.state;
  if (moved) {
    draft.state.rules = withMoved(rules, number, moved) ?? rules;
    return;
  }
  const known = rules.find(each => each.number === number);
  const isSame = known !== undefined && formatRule(known.rule) === formatRule(rule);
  const state = { ...(isSame && known), number, socket, rule, enabled: now === 'on' };
  draft.state.rules = now === 'gone' ? rules.filter(each => each.number !== number) : withRule(rules, state);
  if (now !== 'on') foldPutOff(draft, number);
};

/** Whether a greeting begins with this call: nothing was done on the connection before. */
const greets = ({ call }: EndedEntry, { receives, sends }: SocketState): boolean =>
  receives === 0 && sends === (calls[call.name].moves === 'out' ? 1 : 0);

/** How often rules have answered, and by what last. */
export const foldAnswered = (draft: StateDraft, entry: EndedEntry, socket: SocketState | undefined): void => {
  const { afterwards, rule: by, call, outcome, t } = entry;
  const fits = afterwards?.kind === 'answer' ? afterwards.rule : undefined;
  if (fits === undefined && by === undefined) return;
  draft.state.rules = draft.state.rules.map(rule => {
    const { number, hits = 0 } = rule;
    if (number !== fits && number !== by) return rule;
    const greeted = number === by && rule.rule.on.kind === 'accept' && socket && greets(entry, socket);
    const more = (number === fits ? 1 : 0) + (greeted ? 1 : 0);
    const done = number === by && outcome.kind !== 'error';
    return {
      ...rule,
      ...(more > 0 && { hits: hits + more }),
      ...(done && { last: { call: formatCall(call, 60), t } }),
    };
  });
};

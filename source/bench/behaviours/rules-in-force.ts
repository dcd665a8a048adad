import type { Draft } from '../../core/model/entry.ts';
import {
  type Rule,
  type RuleMove,
  type RuleState,
  rulesFor,
  withMoved,
  withRule,
} from '../../core/model/rule.ts';
import type { Registry } from '../engine/registry.ts';

/** The bench's rules, as they are between two flushes. */
export type Rules = {
  /** After those that are there: its number. */
  readonly add: (socket: string, rule: Rule) => number;
  /** False where there is none of that number. */
  readonly set: (number: number, now: 'on' | 'off' | 'gone') => boolean;
  /** Another rule in place of the one of this number; false where there is none. */
  readonly replace: (number: number, rule: Rule) => boolean;
  /** Up or down among the rules of its socket; false where there is none of that number, or nothing on that side. */
  readonly move: (number: number, way: RuleMove) => boolean;
  /** By which a socket answers. */
  readonly of: (socket: string) => readonly RuleState[];
  /** The socket is closed: its rules are no more. */
  readonly forget: (socket: string) => void;
};

const none: readonly RuleState[] = [];

/** `changed` hears of the socket whose rules, or of a listener whose connections' rules, are others now. */
export const createRules = (
  registry: Pick<Registry, 'socket'>,
  entry: (draft: Draft) => void,
  now: () => number,
  changed: (socket: string) => void,
): Rules => {
  let rules: readonly RuleState[] = none;
  let last = 0;

  return {
    add: (socket, rule) => {
      const number = ++last;
      rules = [...rules, { number, socket, rule, enabled: true }];
      entry({ kind: 'rule', t: now(), number, socket, rule, now: 'on' });
      changed(socket);
      return number;
    },
    set: (number, wanted) => {
      const found = rules.find(rule => rule.number === number);
      if (!found) return false;
      const { socket, rule } = found;
      const switched = { ...found, enabled: wanted === 'on' };
      rules = rules.flatMap(one => (one !== found ? [one] : wanted === 'gone' ? [] : [switched]));
      entry({ kind: 'rule', t: now(), number, socket, rule, now: wanted });
      changed(socket);
      return true;
    },
    replace: (number, rule) => {
      const found = rules.find(each => each.number === number);
      if (!found) return false;
      const { socket, enabled } = found;
      rules = withRule(rules, { number, socket, rule, enabled });
      entry({ kind: 'rule', t: now(), number, socket, rule, now: enabled ? 'on' : 'off' });
      changed(socket);
      return true;
    },
    move: (number, way) => {
      const found = rules.find(each => each.number === number);
      const moved = withMoved(rules, number, way);
      if (!found || !moved) return false;
      rules = moved;
      const { socket, rule, enabled } = found;
      entry({ kind: 'rule', t: now(), number, socket, rule, now: enabled ? 'on' : 'off', moved: way });
      return true;
    },
    of: socket =>
      rules.length === 0 ? none : rulesFor(rules, socket, registry.socket(socket)?.listener ?? ''),
    forget: socket => {
      if (rules.some(rule => rule.socket === socket)) rules = rules.filter(rule => rule.socket !== socket);
    },
  };
};

import type { Draft } from '../../core/model/entry.ts';
import { type Rule, type RuleState, rulesFor } from '../../core/model/rule.ts';
import type { Registry } from '../engine/registry.ts';

/** The bench's rules, as they are between two flushes. */
export type Rules = {
  /** After those that are there: its number. */
  readonly add: (socket: string, rule: Rule) => number;
  /** False where there is none of that number. */
  readonly set: (number: number, now: 'on' | 'off' | 'gone') => boolean;
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
    of: socket =>
      rules.length === 0 ? none : rulesFor(rules, socket, registry.socket(socket)?.listener ?? ''),
    forget: socket => {
      if (rules.some(rule => rule.socket === socket)) rules = rules.filter(rule => rule.socket !== socket);
    },
  };
};

import { rulePatternProblem } from '../../bench/behaviours/rule-pattern.ts';
import type { World } from '../../bench/view/store.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { placeProblem } from '../../core/language/rule-place.ts';
import { formatRule, parseRuleText } from '../../core/language/rule-text.ts';
import type { Rule } from '../../core/model/rule.ts';
import { ruleNamed } from '../../core/model/saved-names.ts';
import { marked, t } from '../../core/words/translate.ts';
import { act, look, type Parameter, panePlaces, refusal, say } from '../calling/command.ts';
import { readWhileOpen } from '../calling/read-while-open.ts';
import { socketInFocus } from '../calling/targets.ts';
import { withRuleFiles } from './rule-files.ts';

/** The socket that a new rule is offered for: a connection's listener has the rules of all that it accepts. */
const socketFor = (world: World): string => {
  const socket = socketInFocus(world);
  return socket?.listener || socket?.name || '';
};

const socketName: Parameter<string> = {
  title: marked('socket'),
  hint: marked('who answers: a socket, or a listener for all that it accepts'),
  fallback: socketFor,
  parse: (text): Parsed<string> => {
    const name = text.trim();
    return name === '' ? refused(t('which socket? Write its name, as in s1')) : parsed(name);
  },
};

export const ruleText: Parameter<Rule> = {
  title: marked('rule'),
  hint: marked(
    'accept echo; recv "PING" send "PONG"; recv starts "GET " send "no" then close after 200ms; or the name of one kept',
  ),
  kept: 'rule',
  parse: (text, { view }) => parseRuleText(ruleNamed(view.saved, text), rulePatternProblem),
};

const add = act<{ socket: string; rule: Rule }>({
  id: 'add-rule',
  title: marked('Add a rule: what a socket answers by itself'),
  keys: [],
  where: panePlaces,
  ask: true,
  parameters: { socket: socketName, rule: ruleText },
  run: async (context, { socket, rule: written }) => {
    const problem = placeProblem(socket, written, context.source.state().sockets);
    if (problem !== null) return refusal(problem, { field: 'socket' });
    const read = (bytes: Bytes) => readWhileOpen(context, 'form', bytes);
    const rule = await withRuleFiles(written, read);
    if (typeof rule === 'string') return refusal(rule, { field: 'rule' });
    const number = context.bench.addRule(socket, rule);
    const text = formatRule(rule);
    look(context, { lastDone: text });
    say(context, t`Rule ${number}: ${socket} on ${text}`);
    return null;
  },
});

export const ruleCommands = [add];

import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { placeProblem } from '../../core/language/rule-place.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import type { Rule, RuleState } from '../../core/model/rule.ts';
import { rulesListed } from '../../core/words/rule-words.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type ActingContext,
  act,
  command,
  type KeyOf,
  look,
  type Parameter,
  type Place,
  panePlaces,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { openForm } from '../calling/invoke.ts';
import { doneBy } from '../calling/keymap.ts';
import { changeOverlay, openOverlay, rowUnderCursor } from '../calling/overlays.ts';
import { readWhileOpen } from '../calling/read-while-open.ts';
import { ruleText } from './rule-commands.ts';
import { withRuleFiles } from './rule-files.ts';
import { ruleLine } from './rule-line.ts';

const rowsIn = (world: World): readonly RuleState[] => rulesListed(shownBench(world).rules);

const none = (world: World, keyOf: KeyOf): string | null =>
  rowsIn(world).length > 0 ? null : t`No socket has a rule yet: ${doneBy(keyOf, 'add-rule')} makes one`;

const list = command({
  id: 'rules',
  title: marked('Rules of all sockets: switch, order, edit, remove'),
  short: marked('rules'),
  keys: ['U'],
  where: panePlaces,
  footer: world => (rowsIn(world).length > 0 ? 8 : 0),
  disabled: none,
  run: context => openOverlay(context, { kind: 'rules', at: 0 }),
});

const here: readonly Place[] = ['rules'];

const chosen = (world: World): RuleState | undefined => rowUnderCursor(world, 'rules', rowsIn(world));

const nothingChosen = (world: World): string | null =>
  chosen(world) ? null : t('No socket has a rule any more');

const switchChosen = act({
  id: 'rule-switch',
  title: marked('Switch this rule on or off'),
  short: marked('on or off'),
  keys: ['space', 'enter'],
  where: here,
  footer: 90,
  listed: false,
  disabled: nothingChosen,
  run: context => {
    const rule = chosen(context.store.getState());
    if (rule) context.bench.setRule(rule.number, rule.enabled ? 'off' : 'on');
    context.bench.flush();
  },
});

/** The cursor stays on the rule that moves. */
const move = (context: ActingContext, way: 'up' | 'down'): Result => {
  const rule = chosen(context.store.getState());
  if (!rule) return null;
  const { ok, message } = ruleLine(context.bench, { kind: 'change-rule', number: rule.number, to: way });
  if (!ok) return refusal(message);
  context.bench.flush();
  const at = rulesListed(context.bench.state().rules).findIndex(({ number }) => number === rule.number);
  changeOverlay(context, 'rules', { at });
  return null;
};

const up = act({
  id: 'rule-up',
  title: marked('This rule up: it is tried before the one above'),
  short: marked('up'),
  keys: ['K'],
  where: here,
  footer: 70,
  listed: false,
  disabled: nothingChosen,
  run: context => move(context, 'up'),
});

const down = act({
  id: 'rule-down',
  title: marked('This rule down: it is tried after the one below'),
  short: marked('down'),
  keys: ['J'],
  where: here,
  footer: 69,
  listed: false,
  disabled: nothingChosen,
  run: context => move(context, 'down'),
});

const remove = act({
  id: 'rule-remove',
  title: marked('Remove this rule'),
  short: marked('remove'),
  keys: ['d'],
  where: here,
  footer: 60,
  listed: false,
  disabled: nothingChosen,
  run: context => {
    const rule = chosen(context.store.getState());
    if (!rule) return;
    context.bench.setRule(rule.number, 'gone');
    context.bench.flush();
    say(context, t`Rule ${rule.number} of ${rule.socket} is gone: on ${formatRule(rule.rule)}`);
  },
});

const ruleNumber: Parameter<RuleState> = {
  title: marked('number'),
  hint: marked('the number of the rule, as the log has it'),
  fallback: world => String(chosen(world)?.number ?? ''),
  parse: (text, world): Parsed<RuleState> => {
    const rule = rowsIn(world).find(({ number }) => String(number) === text.trim());
    return rule ? parsed(rule) : refused(t`there is no rule ${text.trim()}`);
  },
};

const editText: Parameter<Rule> = {
  ...ruleText,
  fallback: world => {
    const rule = chosen(world);
    return rule ? formatRule(rule.rule) : '';
  },
};

const edit = act<{ number: RuleState; rule: Rule }>({
  id: 'edit-rule',
  title: marked('Edit a rule: another in its place, with its number'),
  short: marked('edit'),
  keys: [],
  where: panePlaces,
  ask: true,
  disabled: none,
  parameters: { number: ruleNumber, rule: editText },
  run: async (context, { number: { number, socket }, rule: written }) => {
    const problem = placeProblem(socket, written, context.source.state().sockets);
    if (problem !== null) return refusal(problem, { field: 'rule' });
    const read = (bytes: Bytes) => readWhileOpen(context, 'form', bytes);
    const rule = await withRuleFiles(written, read);
    if (typeof rule === 'string') return refusal(rule, { field: 'rule' });
    if (!context.bench.replaceRule(number, rule))
      return refusal(t`rule ${number} is gone`, { field: 'number' });
    look(context, { lastDone: formatRule(rule) });
    say(context, t`Rule ${number}: ${socket} on ${formatRule(rule)}`);
    return null;
  },
});

const editChosen = act({
  id: 'rule-edit',
  title: marked('Edit this rule'),
  short: marked('edit'),
  keys: ['e'],
  where: here,
  footer: 65,
  listed: false,
  disabled: nothingChosen,
  run: context => {
    openForm(context, edit);
    changeOverlay(context, 'form', { at: 1 });
  },
});

export const ruleListCommands = [edit, switchChosen, up, down, editChosen, remove];

/** What only reads. */
export const ruleReadingCommands = [list];

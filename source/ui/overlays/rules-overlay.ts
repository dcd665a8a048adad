import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import type { RuleState } from '../../core/model/rule.ts';
import { answeredWords, rulesListed } from '../../core/words/rule-words.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

type Columns = { readonly socket: number; readonly number: number };

const rowLine = (rule: RuleState, chosen: boolean, { socket, number }: Columns, theme: Theme): StyledLine => {
  const { hits = 0, enabled } = rule;
  return line(
    span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
    span(padded(rule.socket, socket), 'dim'),
    '  ',
    span(String(rule.number).padStart(number), chosen ? 'selected' : 'strong'),
    '  ',
    span(enabled ? t('on ') : t('off'), enabled ? 'good' : 'dim'),
    span(` ${String(hits).padStart(5)} `, 'dim'),
    span(safeText(formatRule(rule.rule)), enabled ? 'plain' : 'dim'),
  );
};

/** The rules of all sockets, each with how often it has answered; of the chosen one by what last. */
export const drawRules = (
  overlay: OverlayOf<'rules'>,
  rules: readonly RuleState[],
  now: number,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const rows = rulesListed(rules);
  const at = Math.max(0, Math.min(overlay.at, rows.length - 1));
  const height = Math.min(screen.rows - 2, Math.max(1, rows.length) + 3);
  const box = centred(screen, 100, height);
  const page = Math.max(1, height - 3);
  const first = listWindow(at, rows.length, page);
  const columns = {
    socket: Math.max(...rows.map(({ socket }) => widthOf(socket)), 1),
    number: Math.max(...rows.map(({ number }) => String(number).length), 1),
  };
  const items = rows
    .slice(first, first + page)
    .map((rule, index) => rowLine(rule, first + index === at, columns, theme));
  const chosen = rows[at];
  const about = chosen
    ? ` ${t`rule ${chosen.number} of ${chosen.socket}: ${answeredWords(chosen, now)}`}`
    : '';
  const title = {
    name: line(span(t('Rules'), 'title')),
    notes: [t('of a socket the first that fits answers')],
    foot: keyHints(
      keyOf,
      ['rule-switch', t('on or off')],
      ['rule-up', t('up')],
      ['rule-down', t('down')],
      ['rule-edit', t('edit')],
      ['rule-remove', t('remove')],
      ['back', t('back')],
    ),
  };
  const content = items.length > 0 ? items : [line(span(` ${t('No rule any more')}`, 'dim'))];
  return {
    ...box,
    frame: frame(title, [...content, line(span(about, 'dim'))], box.width, height, true, theme),
    cursor: null,
    page,
    count: rows.length,
    items: listed(0, first, items.length),
  };
};

import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import type { Keymap } from '../../commands/calling/command.ts';
import { interpret } from '../../commands/calling/interpret.ts';
import { firstKeys, keyHints } from '../../commands/calling/keymap.ts';
import { placeOfPane } from '../../commands/calling/overlays.ts';
import { keysTitle } from '../../commands/looking/help-commands.ts';
import { type PaletteItem, paletteItems } from '../../commands/looking/palette-commands.ts';
import { quoteBytes, safeText } from '../../core/bytes/payload.ts';
import { titleOf } from '../../core/calls/call.ts';
import { formatFaults } from '../../core/language/fault-text.ts';
import { formatCall } from '../../core/language/line.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { formatRepeat } from '../../core/language/repeat-text.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import { t } from '../../core/words/translate.ts';
import { caretColumn, drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { line, type StyledLine, span, spread } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

const typedTitle = ({ interpretation }: Extract<PaletteItem, { kind: 'typed' }>): string => {
  if (interpretation.kind === 'command') {
    const values = Object.entries(interpretation.written).map(
      ([name, value]) => `${name} ${safeText(value)}`,
    );
    return t`${t(interpretation.command.title)}: ${values.join(', ')}`;
  }
  const { line: read, variable } = interpretation;
  const kept = variable === '' ? '' : `${variable} = `;
  switch (read.kind) {
    case 'call':
      return t`call ${`${kept}${formatCall(read.call, 60)}`}`;
    case 'cancel':
      return t`cancel ${titleOf(read.target)}`;
    case 'until':
      return t`call ${[`${kept}${read.on}.recv`, 'until', quoteBytes(read.delimiter, 60)].join(' ')}`;
    case 'relay':
      return read.target
        ? t`relay ${read.socket} to ${safeText(formatRelayTarget(read.target))}`
        : t`relay ${read.socket} no more`;
    case 'repeat-send':
      return read.repeat
        ? t`${read.socket} sends ${safeText(formatRepeat(read.repeat, 60))}`
        : t`${read.socket} repeats no more`;
    case 'fault':
      return t`faults of ${read.socket}: ${formatFaults(read.faults)}`;
    case 'policy':
      return t`policy of ${read.program}: ${read.policy}`;
    case 'loop':
      return read.on
        ? t`${read.loop} loop of ${read.program}: on`
        : t`${read.loop} loop of ${read.program}: off`;
    case 'rule':
      return t`rule for ${read.socket}: ${safeText(formatRule(read.rule))}`;
    case 'change-rule':
      return t`rule ${read.number}: ${read.to}`;
  }
};

const itemLine = (
  item: PaletteItem,
  chosen: boolean,
  world: World,
  keymap: Keymap,
  width: number,
  theme: Theme,
): StyledLine => {
  const cursor = span(chosen ? ` ${theme.cursor} ` : '   ', 'focus');
  if (item.kind === 'typed') return line(cursor, span(typedTitle(item), chosen ? 'selected' : 'strong'));
  const { command } = item;
  const reason = command.disabled(world, firstKeys(keymap));
  const left = line(
    cursor,
    span(command.id.padEnd(15), chosen ? 'selected' : reason === null ? 'strong' : 'dim'),
    span(` ${reason ?? t(command.title)}`, reason === null ? 'plain' : 'dim'),
  );
  const keys = command.where.includes(placeOfPane(world.view.focus)) ? keysTitle(keymap, command.id) : '';
  return spread(left, line(span(keys === '' ? '' : `  ${keys} `, 'key')), width, theme.ellipsis);
};

const refusalLines = (
  overlay: OverlayOf<'palette'>,
  label: number,
  room: number,
  width: number,
): StyledLine[] => {
  const { refusal } = overlay;
  if (!refusal) return [];
  const column = refusal.column;
  const caret =
    column === null
      ? []
      : [line(span(`${' '.repeat(label + caretColumn(overlay.input, room, column))}^`, 'bad'))];
  return [...caret, ...wrap(refusal.message, width - 2, 'bad').map(part => line(' ', part))];
};

/** What a text that nothing can be made of yet still lacks. */
const notYet = (text: string, world: World, keymap: Keymap, width: number): StyledLine[] => {
  const read = interpret(text.trim(), keymap.commands, world.view.values);
  if (read.kind !== 'error') return [];
  return wrap(t`Not yet: ${safeText(read.message)}`, width - 6, 'dim').map(part => line('   ', part));
};

/** Commands and calls by name: what Enter would run stands first. */
export const drawPalette = (
  overlay: OverlayOf<'palette'>,
  world: World,
  keymap: Keymap,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const height = Math.min(20, screen.rows - 2);
  const box = centred(screen, 96, height);
  const inner = box.width - 2;
  const label = ' : ';
  const room = inner - label.length - 1;
  const field = drawField(overlay.input, room, overlay.refusal?.column ?? null);
  const items = paletteItems(keymap.commands, fieldText(overlay.input), world.view.values);
  const refused = refusalLines(overlay, label.length, room, inner);
  const page = Math.max(1, height - 4 - refused.length);
  const first = listWindow(overlay.at, items.length, page);
  const rows = items
    .slice(first, first + page)
    .map((item, index) => itemLine(item, first + index === overlay.at, world, keymap, inner, theme));
  const nothing = notYet(fieldText(overlay.input), world, keymap, inner);
  const list = rows.length > 0 ? rows : refused.length > 0 ? [] : nothing;
  const content = [line(span(label, 'key'), field.line), ...refused, line(), ...list];
  const does = keyHints(
    firstKeys(keymap),
    ['enter-palette', t('runs')],
    ['next-field', t('completes')],
    ['back', t('back')],
  );
  const title = {
    name: line(span(t('Commands and calls'), 'title')),
    notes: overlay.busy ? [t('running')] : [],
    foot: `listen 9000, c1.send "hi"   ${does}`,
  };
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: { x: box.left + 1 + label.length + field.cursor, y: box.top + 1 },
    page,
    count: items.length,
    items: listed(refused.length + 2, first, rows.length),
  };
};

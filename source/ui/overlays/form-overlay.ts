import type { FormField, OverlayOf } from '../../bench/view/overlay.ts';
import type { Command, Keymap, KeyOf } from '../../commands/calling/command.ts';
import { firstKeys, keyHints } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { type SavedNames, savedRows } from '../../core/model/saved-names.ts';
import { t } from '../../core/words/translate.ts';
import { caretColumn, drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, type Screen } from './drawn.ts';

type Row = { readonly lines: readonly StyledLine[]; readonly cursor: number };

const labelWidth = (command: Command): number =>
  Math.max(...Object.values(command.parameters).map(parameter => widthOf(t(parameter.title))));

const wrongColumn = (overlay: OverlayOf<'form'>, { name }: FormField): number | null =>
  overlay.refusal?.field === name ? overlay.refusal.column : null;

const fieldRow = (
  overlay: OverlayOf<'form'>,
  command: Command,
  index: number,
  width: number,
  theme: Theme,
): Row => {
  const entry = overlay.fields[index]!;
  const parameter = command.parameters[entry.name]!;
  const active = overlay.at === index;
  const label = ` ${active ? theme.cursor : ' '} ${padded(t(parameter.title), labelWidth(command))}  `;
  const columns = widthOf(label);
  const room = width - columns - 1;
  const wrong = wrongColumn(overlay, entry);
  const field = drawField(entry.field, room, wrong);
  const caret =
    wrong === null
      ? []
      : [line(span(`${' '.repeat(columns + caretColumn(entry.field, room, wrong))}^`, 'bad'))];
  const hints = wrap(t(parameter.hint), room, 'dim').map(part => line(' '.repeat(columns), part));
  return {
    lines: [line(span(label, active ? 'strong' : 'plain'), field.line), ...caret, ...(active ? hints : [])],
    cursor: columns + field.cursor,
  };
};

const refusalLines = (overlay: OverlayOf<'form'>, keymap: Keymap, width: number): StyledLine[] => {
  const { refusal } = overlay;
  if (!refusal) return [];
  const said = wrap(refusal.message, width - 2, 'bad').map(part => line(' ', part));
  if (refusal.offer === '') return [line(), ...said];
  return [
    line(),
    ...said,
    line(
      ' ',
      span(firstKeys(keymap)('text-yank'), 'key'),
      ` ${t`takes ${safeText(refusal.offer)}, which is free`}`,
    ),
  ];
};

/** What is kept under names and belongs into the field that has the keys. */
const keptLines = (
  { fields, at }: OverlayOf<'form'>,
  saved: SavedNames,
  keyOf: KeyOf,
  width: number,
): StyledLine[] => {
  const kind = fields[at]?.kept;
  const names = savedRows(saved)
    .filter(row => row.kind === kind)
    .map(row => row.name);
  if (names.length === 0) return [];
  const label = keyHints(keyOf, ['saved-next', t('next kept')]) || t('kept');
  return wrap(t`${label}: ${names.join(', ')}`, width - 2, 'dim')
    .slice(0, 2)
    .map(part => line(' ', part));
};

/** A command's parameters, each with what may be written; what was refused stands under what was typed. */
export const drawForm = (
  overlay: OverlayOf<'form'>,
  saved: SavedNames,
  keymap: Keymap,
  screen: Screen,
  theme: Theme,
): Drawn | null => {
  const command = keymap.commands.find(each => each.id === overlay.command);
  if (!command) return null;
  const width = Math.min(76, screen.columns - 2);
  const inner = width - 2;
  const rows = overlay.fields.map((_, index) => fieldRow(overlay, command, index, inner, theme));
  const content: StyledLine[] = [line()];
  const items = [-1];
  let cursor = { x: 0, y: 0 };
  for (const [index, row] of rows.entries()) {
    if (index === overlay.at) cursor = { x: row.cursor, y: content.length };
    content.push(...row.lines);
    items.push(...row.lines.map(() => index));
  }
  content.push(...keptLines(overlay, saved, firstKeys(keymap), inner));
  content.push(...refusalLines(overlay, keymap, inner));
  const height = Math.min(screen.rows, content.length + 3);
  const box = centred(screen, width, height);
  const next = overlay.fields.length > 1 ? [['next-field', t('next field')] as const] : [];
  const foot = keyHints(firstKeys(keymap), ['enter-form', t('does it')], ...next, ['back', t('back')]);
  const title = {
    name: line(span(t(command.title), 'title')),
    notes: overlay.busy ? [t('waiting for the call')] : [],
    foot,
  };
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: { x: box.left + 1 + cursor.x, y: box.top + 1 + cursor.y },
    page: 1,
    count: overlay.fields.length,
    items,
  };
};

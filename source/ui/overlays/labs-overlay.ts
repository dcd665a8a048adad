import type { LabTitle } from '../../bench/view/lab-view.ts';
import type { OverlayOf } from '../../bench/view/overlay.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { doneBy, keyHints } from '../../commands/calling/keymap.ts';
import { labItems } from '../../commands/keeping/lab-list.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { fitted, line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrapText } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';

type Row = {
  readonly line: StyledLine /** The item that stands there; -1 for a heading. */;
  readonly item: number;
};

/** Columns of what stands behind: whether it is done, or how far. */
const markWidth = 7;

const markOf = ({ done, left }: LabTitle): StyledLine[number] =>
  left === ''
    ? span(padded(done ? t('done') : '', markWidth), 'good')
    : span(padded(t`at ${left}`, markWidth), 'key');

/** A text at the right of so many columns. */
const atRight = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - widthOf(text))) + text;

const timeOf = ({ level, minutes }: LabTitle): string =>
  `${padded(t(level), 7)}${minutes === null ? '' : atRight(t`${minutes} min`, 6)}`;

const itemLine = (lab: LabTitle, chosen: boolean, names: number, width: number, theme: Theme): StyledLine => {
  const { name, title } = lab;
  const time = timeOf(lab);
  const room = Math.max(8, width - 3 - names - 4 - widthOf(time) - 2 - markWidth);
  return line(
    span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
    span(padded(name, names), chosen ? 'selected' : 'strong'),
    '  ',
    fitted([span(safeText(title))], room, theme.ellipsis),
    '  ',
    span(time, 'dim'),
    '  ',
    markOf(lab),
  );
};

/** The rows of the list: while nothing is typed a heading stands over each chapter. */
const rowsOf = (overlay: OverlayOf<'labs'>, width: number, theme: Theme): readonly Row[] => {
  const items = labItems(overlay);
  const names = Math.max(0, ...(overlay.labs ?? []).map(({ name }) => widthOf(name)));
  const grouped = fieldText(overlay.filter).trim() === '';
  return items.flatMap((lab, item): Row[] => {
    const row = { line: itemLine(lab, item === overlay.at, names, width, theme), item };
    const begins = grouped && lab.chapter !== '' && lab.chapter !== items[item - 1]?.chapter;
    return begins ? [{ line: line(span(` ${safeText(lab.chapter)}`, 'title')), item: -1 }, row] : [row];
  });
};

/** What stands where no lab is listed. */
const nothing = (overlay: OverlayOf<'labs'>, keyOf: KeyOf): string => {
  if (!overlay.labs) return t('Reading the labs ...');
  return fieldText(overlay.filter).trim() === ''
    ? t('There are no labs here')
    : t`No lab matches: ${doneBy(keyOf, 'enter-labs')} takes it as the name of a file`;
};

const countWords = (labs: readonly LabTitle[]): string => {
  const done = labs.filter(each => each.done).length;
  return done === 0 ? String(labs.length) : t`${done} of ${labs.length} done`;
};

/** The course, a chapter after the other, with what is done of it; a file's path can be typed as well. */
export const drawLabs = (overlay: OverlayOf<'labs'>, keyOf: KeyOf, screen: Screen, theme: Theme): Drawn => {
  const height = Math.min(screen.rows - 2, 30);
  const box = centred(screen, 100, height);
  const label = ` ${t('lab: ')}`;
  const field = drawField(overlay.filter, box.width - 4 - widthOf(label));
  const told = [overlay.refusal?.message ?? '', safeText(overlay.trouble)].filter(text => text !== '');
  const refused = told.flatMap(text => wrapText(text, box.width - 4).map(row => line(' ', span(row, 'bad'))));
  const page = Math.max(1, height - 4 - refused.length);
  const all = rowsOf(overlay, box.width - 2, theme);
  const first = listWindow(
    all.findIndex(({ item }) => item === overlay.at),
    all.length,
    page,
  );
  const seen = all.slice(first, first + page);
  const items = seen.map(row => row.line);
  const rows =
    items.length > 0 || refused.length > 0 ? items : [line(span(`   ${nothing(overlay, keyOf)}`, 'dim'))];
  const title = {
    name: line(span(t('Labs'), 'title')),
    notes: overlay.busy ? [t('opening')] : overlay.labs ? [countWords(labItems(overlay))] : [],
    foot: t`type to filter, or a file; ${keyHints(keyOf, ['enter-labs', t('opens')], ['back', t('back')])}`,
  };
  return {
    ...box,
    frame: frame(
      title,
      [line(span(label, 'dim'), field.line), ...refused, line(), ...rows],
      box.width,
      height,
      true,
      theme,
    ),
    cursor: { x: box.left + 1 + widthOf(label) + field.cursor, y: box.top + 1 },
    page,
    count: labItems(overlay).length,
    items: [...Array.from({ length: refused.length + 2 }, () => -1), ...seen.map(({ item }) => item)],
  };
};

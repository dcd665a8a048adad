import type { OverlayOf } from '../../bench/view/overlay.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { doneBy, keyHints } from '../../commands/calling/keymap.ts';
import { labItems } from '../../commands/keeping/lab-list.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrapText } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

const itemLines = (overlay: OverlayOf<'labs'>, first: number, page: number, theme: Theme): StyledLine[] => {
  const items = labItems(overlay);
  const width = Math.max(0, ...(overlay.labs ?? []).map(({ name }) => widthOf(name)));
  return items.slice(first, first + page).map(({ name, title }, index) => {
    const chosen = first + index === overlay.at;
    return line(
      span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
      span(padded(name, width), chosen ? 'selected' : 'strong'),
      `  ${safeText(title)}`,
    );
  });
};

/** What stands where no lab is listed. */
const nothing = (overlay: OverlayOf<'labs'>, keyOf: KeyOf): string => {
  if (!overlay.labs) return 'Reading the labs ...';
  return fieldText(overlay.filter).trim() === ''
    ? 'There are no labs here'
    : `No lab matches: ${doneBy(keyOf, 'enter-labs')} takes it as the name of a file`;
};

/** The built-in labs with their titles, the tour first; a file's path can be typed as well. */
export const drawLabs = (overlay: OverlayOf<'labs'>, keyOf: KeyOf, screen: Screen, theme: Theme): Drawn => {
  const height = Math.min(screen.rows - 2, 30);
  const box = centred(screen, 84, height);
  const label = ' lab: ';
  const field = drawField(overlay.filter, box.width - 4 - label.length);
  const refused = overlay.refusal
    ? wrapText(overlay.refusal.message, box.width - 4).map(row => line(' ', span(row, 'bad')))
    : [];
  const page = Math.max(1, height - 4 - refused.length);
  const first = listWindow(overlay.at, labItems(overlay).length, page);
  const items = itemLines(overlay, first, page, theme);
  const rows =
    items.length > 0 || refused.length > 0 ? items : [line(span(`   ${nothing(overlay, keyOf)}`, 'dim'))];
  const title = {
    name: line(span('Labs', 'title')),
    notes: overlay.busy ? ['opening'] : overlay.labs ? [`${labItems(overlay).length}`] : [],
    foot: `type to filter, or a file; ${keyHints(keyOf, ['enter-labs', 'opens'], ['back', 'back'])}`,
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
    cursor: { x: box.left + 1 + label.length + field.cursor, y: box.top + 1 },
    page,
    count: labItems(overlay).length,
    items: listed(refused.length + 2, first, items.length),
  };
};

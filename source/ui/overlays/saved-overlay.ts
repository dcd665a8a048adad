import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { savedValueText } from '../../commands/keeping/saved-value.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { keptWords, type SavedNames, type SavedRow, savedRows } from '../../core/model/saved-names.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

const rowLine = (row: SavedRow, chosen: boolean, width: number, theme: Theme): StyledLine =>
  line(
    span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
    span(padded(row.name, width), chosen ? 'selected' : 'strong'),
    span(`  ${padded(t(keptWords[row.kind]), 7)}  `, 'dim'),
    safeText(savedValueText(row)),
  );

/** What is kept under names, addresses first. */
export const drawSaved = (
  overlay: OverlayOf<'saved'>,
  saved: SavedNames,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const rows = savedRows(saved);
  const at = Math.max(0, Math.min(overlay.at, rows.length - 1));
  const height = Math.min(screen.rows - 2, Math.max(1, rows.length) + 3);
  const box = centred(screen, 84, height);
  const page = Math.max(1, height - 3);
  const first = listWindow(at, rows.length, page);
  const width = Math.max(...rows.map(({ name }) => widthOf(name)), 1);
  const items = rows
    .slice(first, first + page)
    .map((row, index) => rowLine(row, first + index === at, width, theme));
  const title = {
    name: line(span(t('Kept under names'), 'title')),
    notes: [`${rows.length}`],
    foot: keyHints(
      keyOf,
      ['saved-use', t('uses it')],
      ['saved-forget', t('forgets it')],
      ['back', t('back')],
    ),
  };
  const content = items.length > 0 ? items : [line(span(` ${t('Nothing any more')}`, 'dim'))];
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: null,
    page,
    count: rows.length,
    items: listed(0, first, items.length),
  };
};

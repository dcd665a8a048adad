import type { OverlayOf } from '../../bench/view/overlay.ts';
import { soughtTitles } from '../../commands/looking/find-bytes-commands.ts';
import { t } from '../../core/words/translate.ts';
import { drawField } from '../parts/field.ts';
import { line, span } from '../parts/styled-line.ts';
import type { Around, BottomLine } from './drawn.ts';

/** Where what is sought is typed. */
export const searchLine = (
  overlay: OverlayOf<'search'>,
  { world: { view }, context: { keyOf } }: Around,
  _now: number,
  width: number,
): BottomLine => {
  const key = keyOf(overlay.what);
  const does = {
    search: 'search the log',
    filter: 'show only',
    find: `find ${t(soughtTitles[view.sought.mode])}`,
  }[overlay.what];
  const label = ` ${key === '' ? '' : `${key} `}${does}: `;
  const field = drawField(overlay.input, width - label.length - 1);
  return { line: line(span(label, 'strong'), field.line), above: [], cursor: label.length + field.cursor };
};

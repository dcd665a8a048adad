import type { OverlayOf } from '../../bench/view/overlay.ts';
import { soughtTitles } from '../../commands/looking/find-bytes-commands.ts';
import { t } from '../../core/words/translate.ts';
import { drawField } from '../parts/field.ts';
import { line, span, widthOf } from '../parts/styled-line.ts';
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
    search: t('search the log: '),
    filter: t('show only: '),
    find: t`find ${t(soughtTitles[view.sought.mode])}: `,
  }[overlay.what];
  const label = ` ${key === '' ? '' : `${key} `}${does}`;
  const columns = widthOf(label);
  const field = drawField(overlay.input, width - columns - 1);
  return { line: line(span(label, 'strong'), field.line), above: [], cursor: columns + field.cursor };
};

import { stands } from '../../bench/view/view.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { line, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Around, BottomLine } from './drawn.ts';
import { lineOf } from './overlay-table.tsx';

/** The line of the overlay on top, where it is one, or the message of the moment. */
export const bottomLine = (around: Around, now: number, width: number): BottomLine => {
  const { message, overlays } = around.world.view;
  const shown = stands(message, now) ? message : null;
  const said = shown
    ? wrap(safeText(shown.text), width - 3, shown.level === 'warning' ? 'warning' : 'plain').map(
        (part, index) =>
          line(span(index === 0 && shown.level === 'warning' ? ' ! ' : '   ', 'warning'), part),
      )
    : [];
  const drawn = lineOf(overlays.at(-1), around, now, width);
  if (drawn) return { ...drawn, above: [...drawn.above, ...said] };
  const last = said.at(-1);
  return { line: last ?? line(), above: said.slice(0, -1), cursor: null };
};

import type { ReplayView } from '../../bench/view/replay-view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { formatSeconds } from '../../core/words/entry-text.ts';
import { t } from '../../core/words/translate.ts';
import { bar } from '../parts/bar.ts';
import { line, lineWidth, type StyledLine, span } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { paneName } from './pane-title.ts';

const speedWords = (speed: number): string => t`${speed < 1 ? `1/${1 / speed}` : `${speed}x`} speed`;

/** Where a replay stands, on one line: a bar, the entry, the time, and whether it plays. */
export const timeBarLine = (
  replay: ReplayView,
  keyOf: KeyOf,
  focused: boolean,
  width: number,
  theme: Theme,
): StyledLine => {
  const { n, first, last, t: at, begin, end, playing, speed, cut } = replay;
  const entry = n < first ? t`before #${first}` : t`#${n} of #${last}`;
  const head = line(
    span(focused ? ` ${theme.cursor} ` : '   ', 'focus'),
    paneName('time', keyOf, focused),
    '  ',
  );
  const tail = line(
    `  ${entry}  ${t`${formatSeconds(at)} of ${formatSeconds(end)} s`}  `,
    span(playing ? t('playing') : t('paused'), playing ? 'good' : 'warning'),
    span(`  ${speedWords(speed)}`, 'dim'),
    cut ? span(`  ${t('file cut off at its end')}`, 'warning') : null,
  );
  const room = Math.min(60, width - lineWidth(head) - lineWidth(tail) - 3);
  const drawn = room >= 8 ? bar(end > begin ? (at - begin) / (end - begin) : 1, room, theme) : '';
  return line(head, drawn === '' ? null : span(drawn, 'own'), tail);
};

import { t } from '../../core/words/translate.ts';
import type { Theme } from '../theme.ts';
import { cut, exactly, line, lineWidth, type Span, type StyledLine, span, widthOf } from './styled-line.ts';

export type FrameTitle = {
  /** Stays as long as there is any room. */
  readonly name: StyledLine;
  /** Dropped from the end where room is short; of `traced: slower` what stands before the colon may stay. */
  readonly notes: readonly string[];
  /** On the bottom border. */
  readonly foot?: string;
};

const titleLine = ({ name, notes }: FrameTitle, room: number): StyledLine => {
  const kept: string[] = [];
  let used = lineWidth(name);
  const between = t(', ');
  for (const note of notes) {
    const fits = (words: string) => used + widthOf(words) + widthOf(between) <= room;
    const words = fits(note) ? note : note.split(/[:：]/)[0]!;
    if (!fits(words)) break;
    kept.push(words);
    used += widthOf(words) + widthOf(between);
  }
  return kept.length === 0 ? name : line(name, span(`  ${kept.join(between)}`, 'dim'));
};

/** A box ready to draw: its borders apart from what it holds. */
export type Frame = {
  readonly width: number;
  readonly top: StyledLine;
  readonly bottom: StyledLine;
  /** What stands left and right of each row. */
  readonly side: Span;
  readonly rows: readonly StyledLine[];
};

/** A text that fits, or as much of it as does and a mark that there was more. */
const ended = (text: string, width: number, { ellipsis }: Theme): string =>
  widthOf(text) <= width ? text : `${cut(text, width - widthOf(ellipsis))}${ellipsis}`;

/** Where a frame's name begins in its top border, after a corner, a piece of border and a space. */
export const nameColumn = 3;

/** Lines in a box of `width` by `height` with a title in its top border; a double border has the focus. */
export const frame = (
  title: FrameTitle,
  content: readonly StyledLine[],
  width: number,
  height: number,
  focused: boolean,
  theme: Theme,
): Frame => {
  const box = focused ? theme.focusBox : theme.box;
  const role = focused ? 'focus' : 'border';
  const inner = width - 2;
  const head = titleLine(title, inner - 3);
  const rest = Math.max(0, inner - 1 - lineWidth(head) - 2);
  const [topLeft, topRight, bottomLeft, bottomRight] = box.corners;
  const foot = title.foot ? ` ${ended(title.foot, inner - 4, theme)} ` : '';
  const rows = Math.max(0, height - 2);
  return {
    width,
    top: line(
      span(`${topLeft}${box.horizontal}`, role),
      ' ',
      head,
      ' ',
      span(`${box.horizontal.repeat(rest)}${topRight}`, role),
    ),
    bottom: line(
      span(bottomLeft + box.horizontal.repeat(Math.max(0, inner - widthOf(foot) - 1)), role),
      span(foot, 'dim'),
      span(box.horizontal + bottomRight, role),
    ),
    side: span(box.vertical, role),
    rows: exactly(content, rows),
  };
};

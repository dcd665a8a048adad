import type { Theme } from '../theme.ts';
import { clip, exactly, fitted, type Line, line, lineWidth, span, widthOf } from './line.ts';

export type FrameTitle = {
  /** Stays as long as there is any room. */
  readonly name: Line;
  /** Dropped from the end where room is short. */
  readonly notes: readonly string[];
  /** On the bottom border. */
  readonly foot?: string;
};

const titleLine = ({ name, notes }: FrameTitle, room: number): Line => {
  const kept: string[] = [];
  let used = lineWidth(name);
  for (const note of notes) {
    const width = widthOf(note) + (kept.length === 0 ? 2 : 2);
    if (used + width > room) break;
    kept.push(note);
    used += width;
  }
  return kept.length === 0 ? name : line(name, span(`  ${kept.join(', ')}`, 'dim'));
};

/** Lines in a box of `width` by `height` with a title in its top border; a double border has the focus. */
export const frame = (
  title: FrameTitle,
  content: readonly Line[],
  width: number,
  height: number,
  focused: boolean,
  theme: Theme,
): Line[] => {
  const box = focused ? theme.focusBox : theme.box;
  const role = focused ? 'focus' : 'border';
  const inner = width - 2;
  const head = titleLine(title, inner - 3);
  const rest = Math.max(0, inner - 1 - lineWidth(head) - 2);
  const [topLeft, topRight, bottomLeft, bottomRight] = box.corners;
  const top = line(
    span(`${topLeft}${box.horizontal}`, role),
    ' ',
    head,
    ' ',
    span(`${box.horizontal.repeat(rest)}${topRight}`, role),
  );
  const foot = title.foot ? ` ${clip(title.foot, inner - 4)} ` : '';
  const bottom = line(
    span(bottomLeft + box.horizontal.repeat(Math.max(0, inner - widthOf(foot) - 1)), role),
    span(foot, 'dim'),
    span((foot === '' ? box.horizontal : box.horizontal) + bottomRight, role),
  );
  const rows = exactly(content, height - 2).map(row =>
    line(span(box.vertical, role), fitted(row, inner, theme.ellipsis), span(box.vertical, role)),
  );
  return [top, ...rows, bottom];
};

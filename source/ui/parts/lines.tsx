import { createContext, use, useLayoutEffect, useRef } from 'react';
import { type Canvas, createCanvas, type Layer } from '../canvas.ts';
import { type Theme, themeFor } from '../theme.ts';
import { drawnLine, type StyledLine } from './styled-line.ts';

export const ThemeContext = createContext<Theme>(themeFor(false));

export const useTheme = (): Theme => use(ThemeContext);

export const CanvasContext = createContext<Canvas>(createCanvas(() => {}));

export type LinesProps = {
  readonly lines: readonly StyledLine[];
  readonly left?: number;
  readonly top: number;
  readonly width: number;
  readonly layer?: Layer;
};

/** Lines at their place of the screen, each exactly `width` columns. */
export const Lines = ({ lines, left = 0, top, width, layer = 'panes' }: LinesProps) => {
  const { ellipsis } = useTheme();
  const canvas = use(CanvasContext);
  const part = useRef({}).current;
  useLayoutEffect(() => {
    const made = lines.map(line => drawnLine(line, width, ellipsis));
    canvas.put(part, { left, top, width, lines: made, layer });
  });
  useLayoutEffect(() => () => canvas.take(part), [canvas, part]);
  return null;
};

import { widthOf } from '../ui/parts/styled-line.ts';

/** A column of a table: blanks behind, up to so many cells of the terminal, of which a Chinese character takes two. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

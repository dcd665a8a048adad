import type { Cell } from '../e2e/screen.ts';
import { dark, escapeXml, families, fill, size, styleOf } from '../e2e/screen-picture.ts';
import type { Cells } from './kept-cells.ts';

/** A screen of a film, how long it stands, in seconds, and what is said of it under the screen. */
export type Frame = { readonly cells: Cells; readonly seconds: number; readonly says: string };

/** What stands on a row from one frame to before another. */
type Strip = { readonly from: number; readonly to: number; readonly drawn: string };

const seconds = (value: number): string => `${Number(value.toFixed(2))}`;

type Word = { readonly x: number; readonly cells: Cell[]; readonly style: string };

/** Neighbours of one look, without the blanks between them. */
const wordsOf = (row: readonly Cell[]): readonly Word[] => {
  const words: Word[] = [];
  for (const [x, cell] of row.entries()) {
    if (cell.width === 0 || cell.text.trim() === '') continue;
    const style = styleOf(cell);
    const last = words.at(-1);
    if (last && last.style === style && last.x + last.cells.length === x && cell.width === 1)
      last.cells.push(cell);
    else words.push({ x, cells: [cell], style });
  }
  return words;
};

/** A row. Each letter has a column of its own, so that any font keeps the grid. */
const drawRow = (row: readonly Cell[], y: number): string => {
  const top = size.margin + y * size.height;
  const left = (x: number) => size.margin + x * size.width;
  const fills = row.map((cell, x) => fill(cell, left(x), top));
  const words = wordsOf(row).map(({ x, cells, style }) => {
    const columns = cells.map((_, index) => left(x + index)).join(' ');
    const text = escapeXml(cells.map(cell => cell.text).join(''));
    return `<text x="${columns}" y="${top + size.baseline}" ${style}>${text}</text>`;
  });
  return [...fills, ...words].join('');
};

/** The frames of one row, those that show the same as one. */
const stripsOf = (drawn: readonly string[]): readonly Strip[] => {
  const strips: Strip[] = [];
  for (const [at, each] of drawn.entries()) {
    const last = strips.at(-1);
    if (last?.drawn === each) strips[strips.length - 1] = { ...last, to: at + 1 };
    else strips.push({ from: at, to: at + 1, drawn: each });
  }
  return strips.filter(strip => strip.drawn !== '');
};

const saidOf = (says: string, row: number): string => {
  const y = 2 * size.margin + row * size.height + size.baseline + 4;
  return `<text x="${size.margin + size.width}" y="${y}" fill="#f0c674" font-weight="bold">${escapeXml(says)}</text>`;
};

/**
 * A film as SVG text, which plays by itself, over and over; where a person wants no motion its last frame stands. What does not
 * change is drawn once.
 */
export const toFilm = (frames: readonly Frame[]): string => {
  const starts = frames.map((_, at) => frames.slice(0, at).reduce((sum, frame) => sum + frame.seconds, 0));
  const total = frames.reduce((sum, frame) => sum + frame.seconds, 0);
  const rows = Math.max(...frames.map(({ cells }) => cells.length));
  const columns = Math.max(...frames.flatMap(({ cells }) => cells.map(row => row.length)));
  const width = columns * size.width + 2 * size.margin;
  const height = (rows + 1) * size.height + 3 * size.margin;
  const at = (frame: number) => `${Number((((starts[frame] ?? total) / total) * 100).toFixed(3))}%`;
  const styles = new Set<string>();
  const group = ({ from, to, drawn }: Strip): string => {
    if (from === 0 && to === frames.length) return drawn;
    const name = `f${from}-${to}`;
    const hidden = '{visibility:hidden}';
    const before = from === 0 ? '' : `0%${hidden}`;
    const after = to === frames.length ? '' : `${at(to)}${hidden}`;
    styles.add(`@keyframes ${name}{${before}${at(from)}{visibility:visible}${after}}`);
    // What does not animate shows the last frame.
    const still = to === frames.length ? 'visible' : 'hidden';
    styles.add(`.${name}{visibility:${still};animation:${name} ${seconds(total)}s step-end infinite}`);
    return `<g class="${name}">${drawn}</g>`;
  };
  const strips = [
    ...Array.from({ length: rows }, (_, y) =>
      stripsOf(frames.map(({ cells }) => drawRow(cells[y] ?? [], y))),
    ),
    stripsOf(frames.map(({ says }) => saidOf(says, rows))),
  ];
  const drawn = strips.flatMap(row => row.map(group)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>text{white-space:pre}${[...styles].join('')}@media (prefers-reduced-motion:reduce){g{animation:none!important}}</style>
<rect width="100%" height="100%" rx="6" fill="${dark.background}"/>
<g font-family="${families}" font-size="${size.font}" xml:space="preserve">
${drawn}
</g>
</svg>
`;
};

import { Resvg } from '@resvg/resvg-js';
import type { Cell, Colour } from './screen.ts';

/** What a terminal makes of what a program tells it: its sixteen colours, and those of a cell that has none of its own. */
export type Palette = {
  readonly basic: readonly string[];
  readonly background: string;
  readonly foreground: string;
};

/** A dark terminal with colours that are easy on the eye; what a person's terminal shows may differ. */
export const dark: Palette = {
  basic: [
    '#1d1f21',
    '#cc4f4f',
    '#7fae5a',
    '#d8a657',
    '#5c93c9',
    '#a97bb5',
    '#5fa8a3',
    '#c5c8c6',
    '#707880',
    '#f07178',
    '#a5d36f',
    '#f0c674',
    '#81b3e6',
    '#c792d2',
    '#7fd1cb',
    '#ffffff',
  ],
  background: '#16181a',
  foreground: '#d4d7d6',
};

/** A light one with the colours that xterm has where nobody has chosen others: the hardest to read on white. */
export const light: Palette = {
  basic: [
    '#000000',
    '#cd0000',
    '#00cd00',
    '#cdcd00',
    '#0000ee',
    '#cd00cd',
    '#00cdcd',
    '#e5e5e5',
    '#7f7f7f',
    '#ff0000',
    '#00ff00',
    '#ffff00',
    '#5c5cff',
    '#ff00ff',
    '#00ffff',
    '#ffffff',
  ],
  background: '#ffffff',
  foreground: '#1c1c1c',
};

export const palettes = { dark, light } as const;

export type PaletteName = keyof typeof palettes;

/** DejaVu Sans Mono at 15 px: 9.03 wide; box drawing meets the next row at 17 px. */
export const size = { font: 15, width: 9, height: 17, margin: 12, baseline: 13.5 };

/** Box drawing, blocks and Latin from the first, Chinese, Japanese and Korean from the second. */
export const families = "'DejaVu Sans Mono', 'WenQuanYi Micro Hei Mono', 'Noto Sans Mono CJK SC', monospace";

const channel = (step: number): number => (step === 0 ? 0 : 55 + step * 40);

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** xterm's 256 colours: sixteen, a 6x6x6 cube, 24 greys (ctlseqs). */
const paletteColour = (index: number, { basic }: Palette): string => {
  if (index < 16) return basic[index]!;
  if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`;
  const cube = index - 16;
  return `#${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(step => hex(channel(step))).join('')}`;
};

const toHex = (colour: Colour, fallback: string, palette: Palette): string => {
  if (colour === 'default') return fallback;
  return typeof colour === 'number' ? paletteColour(colour, palette) : colour;
};

/** The colours that a cell is seen in. */
export const seenIn = (cell: Cell, palette: Palette): { readonly front: string; readonly back: string } => {
  const front = toHex(cell.foreground, palette.foreground, palette);
  const back = toHex(cell.background, palette.background, palette);
  return cell.inverse ? { front: back, back: front } : { front, back };
};

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, character => `&#${character.codePointAt(0)};`);

/** How a letter looks, as attributes. */
export const styleOf = (cell: Cell, palette = dark): string =>
  [
    `fill="${seenIn(cell, palette).front}"`,
    cell.bold ? 'font-weight="bold"' : '',
    cell.italic ? 'font-style="italic"' : '',
    cell.dim ? 'opacity="0.6"' : '',
    cell.underline ? 'text-decoration="underline"' : '',
  ]
    .filter(Boolean)
    .join(' ');

const glyph = (cell: Cell, x: number, y: number, palette: Palette): string => {
  if (cell.width === 0 || cell.text.trim() === '') return '';
  return `<text x="${x}" y="${y + size.baseline}" ${styleOf(cell, palette)}>${escapeXml(cell.text)}</text>`;
};

export const fill = (cell: Cell, x: number, y: number, palette = dark): string => {
  const { back } = seenIn(cell, palette);
  if (back === palette.background || cell.width === 0) return '';
  // Half a pixel wider, so that no seam shows between neighbours.
  return `<rect x="${x}" y="${y}" width="${cell.width * size.width + 0.5}" height="${size.height}" fill="${back}"/>`;
};

/** A screen as SVG text. `cells` are rows of columns, as screen.cells() gives them. */
export const toSvg = (cells: readonly (readonly Cell[])[], name: PaletteName = 'dark'): string => {
  const palette = palettes[name];
  const width = Math.max(...cells.map(row => row.length)) * size.width + 2 * size.margin;
  const height = cells.length * size.height + 2 * size.margin;
  const draw = (part: (cell: Cell, x: number, y: number, palette: Palette) => string) =>
    cells.flatMap((row, y) =>
      row.map((cell, x) => part(cell, size.margin + x * size.width, size.margin + y * size.height, palette)),
    );
  const parts = [...draw(fill), ...draw(glyph)].filter(Boolean);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="6" fill="${palette.background}"/>
<g font-family="${families}" font-size="${size.font}" xml:space="preserve">
${parts.join('\n')}
</g>
</svg>
`;
};

/** PNG bytes, twice the SVG's size. Uses the fonts of this system: fonts-dejavu-core and fonts-wqy-microhei. */
export const toPng = (svg: string): Uint8Array =>
  new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      loadSystemFonts: true,
      defaultFontFamily: 'DejaVu Sans Mono',
      monospaceFamily: 'DejaVu Sans Mono',
    },
  })
    .render()
    .asPng();

import { afterEach, describe, expect, test } from 'vitest';
import { textbook } from '../screenshots/scenes.ts';
import { key } from './keys.ts';
import type { Cell } from './screen.ts';
import { dark, light, type Palette, seenIn } from './screen-picture.ts';
import type { StartOptions, Terminal } from './terminal.ts';
import { createKeeper, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Relative luminance of a colour (WCAG 2.1). */
const luminance = (hex: string): number => {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast of a cell's letter with what is behind it, from 1 (none) to 21. */
const contrast = (cell: Cell, palette: Palette): number => {
  const { front, back } = seenIn(cell, palette);
  const [a, b] = [luminance(front), luminance(back)].sort((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
};

/** Of large or bold text (WCAG 2.1, 1.4.3); borders and hints are dim on purpose. */
const leastContrast = 3;

const written = (terminal: Terminal): readonly Cell[] =>
  terminal
    .cells()
    .flat()
    .filter(cell => cell.text.trim() !== '');

/** The cells of a word where it stands first. */
const cellsOf = (terminal: Terminal, word: string): readonly Cell[] => {
  for (const row of terminal.cells()) {
    const at = row
      .map(cell => cell.text || ' ')
      .join('')
      .indexOf(word);
    if (at >= 0) return row.slice(at, at + word.length);
  }
  throw new Error(`"${word}" is not on the screen:\n${terminal.picture()}`);
};

/** c1 and a1 are both inside recv, and each program has one thread; before that, c1 alone is. */
const openPair = async (options: StartOptions): Promise<Terminal> => {
  const args = ['--config', textbook, 'listen', '127.0.0.1:0'];
  const terminal = keep.terminal(await openWorkbench({ ...options, args }));
  await terminal.until(/s1 LISTEN/);
  terminal.type(`1c`);
  await terminal.until(/Connect to a TCP server/);
  terminal.type(key.enter);
  await terminal.until(/c1 ESTAB/);
  terminal.type(`2a`);
  await terminal.until(/= a1 from/);
  terminal.type(`1r`);
  await terminal.until(/c1\.recv BLOCKED \d/);
  return terminal;
};

const kinds: readonly [string, StartOptions][] = [
  ['16 colours', { env: { TERM: 'xterm', COLORTERM: undefined } }],
  ['256 colours', { env: { TERM: 'xterm-256color', COLORTERM: undefined } }],
  ['no colour', { env: { NO_COLOR: '1' } }],
];

const sizes = [
  { cols: 80, rows: 24 },
  { cols: 120, rows: 36 },
] as const;

const yellow = (cell: Cell): boolean => cell.foreground === 3 || cell.foreground === 11;

describe.each(kinds)('with %s', (_, options) => {
  test.each(sizes)(
    'what waits, and what waits for ever, is read on black and on white: $cols x $rows',
    async size => {
      const terminal = await openPair({ ...options, ...size });
      for (const cell of cellsOf(terminal, 'BLOCKED')) expect(cell).toMatchObject({ bold: true, dim: false });
      terminal.type(`2r`);
      await terminal.until(/! DEADLOCK: c1\.recv waits for a1/);
      for (const cell of cellsOf(terminal, 'DEADLOCK'))
        expect(cell).toMatchObject({ bold: true, inverse: true, dim: false });
      // The calls that are in it stand out before any other that is blocked.
      for (const cell of cellsOf(terminal, 'BLOCKED'))
        expect(cell).toMatchObject({ bold: true, inverse: true });
      terminal.type('w');
      await terminal.until(/═ Why/);
      for (const cell of written(terminal)) {
        expect(yellow(cell), cell.text).toBe(false);
        if (cell.dim) continue;
        for (const palette of [dark, light])
          expect(
            contrast(cell, palette),
            `${JSON.stringify(cell)} on ${palette.background}`,
          ).toBeGreaterThanOrEqual(leastContrast);
      }
    },
  );
});

test('a zero window is said less loudly than a deadlock', async () => {
  const terminal = await openPair(kinds[0]![1]);
  terminal.type(`x:c1.sendall 64MiB of "x"${key.enter}`);
  await terminal.until(/! zero window/);
  for (const cell of cellsOf(terminal, 'zero window'))
    expect(cell).toMatchObject({ bold: true, inverse: false });
});

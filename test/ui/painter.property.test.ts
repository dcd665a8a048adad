import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { createCanvas, type layers, type Picture } from '../../source/ui/canvas.ts';
import { createPainter, createStyle, difference } from '../../source/ui/painter.ts';
import { fitted, line, span } from '../../source/ui/parts/styled-line.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { createScreen } from '../e2e/screen.ts';
import { runsOf } from '../support/sizes.ts';

const size = { columns: 12, rows: 3 };
const style = createStyle(themeFor(false, 256));

const word = fc.stringMatching(/^[ab12─中文 ]{0,9}$/);
const role = fc.constantFrom('plain', 'strong', 'dim', 'blocked', 'selected', 'good');
const styled = fc.array(fc.record({ text: word, role }), { maxLength: 4 });

const pictureOf = (rows: readonly ReturnType<typeof line>[]): Picture => ({
  size,
  rows: rows.map(row => fitted(row, size.columns)),
  cursor: null,
});

/** The cells that a terminal shows after these. */
const cellsAfter = async (...sequences: readonly string[]) => {
  const screen = createScreen(size.columns, size.rows, () => {});
  await screen.write(new TextEncoder().encode(sequences.join('')));
  const cells = screen.cells().map(row =>
    row.map(cell => ({
      ...cell,
      text: cell.text === '' && cell.width === 1 ? ' ' : cell.text,
    })),
  );
  screen.dispose();
  return cells;
};

const pictures = fc.array(styled, { minLength: 3, maxLength: 3 }).map(pictureOf);

test('what has changed makes the same cells as all of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pictures, { minLength: 2, maxLength: 5 }), async all => {
      const steps = all.map((picture, at) => difference(all[at - 1] ?? null, picture, style));
      expect(await cellsAfter('left behind', ...steps)).toEqual(
        await cellsAfter(difference(null, all.at(-1)!, style)),
      );
    }),
    runsOf('pictures drawn'),
  );
});

test('a clock that ticks writes its digit, where it stands and as it looks', () => {
  const at = (seconds: number) =>
    pictureOf([
      line('c1', span(' BLOCKED 1', 'good')),
      line('x'),
      line(span(`${seconds} s`, 'blocked'), '|'),
    ]);
  expect(difference(at(1), at(2), style)).toBe('\x1b[3;1H\x1b[1;35m2\x1b[m');
  expect(difference(at(2), at(2), style)).toBe('');
});

test('what has become blank is erased, not overwritten', () => {
  expect(difference(pictureOf([line('abcdef')]), pictureOf([line('ab')]), style)).toBe('\x1b[1;3H\x1b[K');
});

afterEach(() => vi.useRealTimers());

/** A painter whose writes are kept. */
const open = () => {
  vi.useFakeTimers();
  const writes: string[] = [];
  const canvas = createCanvas(() => painter.changed());
  const painter = createPainter(canvas.picture, style, sequence => writes.push(sequence));
  const part = {};
  const put = (text: string, top = 0, key: object = part) =>
    canvas.put(key, { left: 0, top, width: 12, lines: [fitted(line(text), 12)], layer: 'panes' });
  canvas.resize(size);
  return { canvas, painter, put, writes, turn: () => vi.advanceTimersByTimeAsync(20) };
};

test('however many parts change in one turn, there is one write; where none has changed, none', async () => {
  const { put, writes, turn } = open();
  const other = {};
  put('one');
  put('two', 1, other);
  await turn();
  expect(writes).toHaveLength(1);
  put('one');
  put('two', 1, other);
  await turn();
  expect(writes).toHaveLength(1);
  put('onE');
  put('twO', 1, other);
  await turn();
  expect(writes.slice(1)).toEqual(['\x1b[?2026h\x1b[1;3HE\x1b[2;3HO\x1b[?2026l']);
});

test('frames have a pace: what changes sooner waits for the next one', async () => {
  const { put, writes } = open();
  put('1');
  await vi.advanceTimersByTimeAsync(0);
  for (const text of ['2', '3', '4']) {
    put(text);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(writes).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(writes).toHaveLength(2);
  expect(writes[1]).toContain('4');
});

test('nothing is written while another program has the terminal, and all of it afterwards', async () => {
  const { put, painter, writes, turn } = open();
  put('one');
  await turn();
  const goOn = painter.rest();
  put('two');
  await turn();
  expect(writes).toHaveLength(1);
  goOn();
  await turn();
  expect(writes[1]).toContain('two');
  vi.useRealTimers();
  expect(await cellsAfter('\x1b[41mleft behind\r\nby another', ...writes.slice(1))).toEqual(
    await cellsAfter(...writes),
  );
});

test('the cursor is shown where it is wanted, and hidden where it is no more', async () => {
  const { put, canvas, writes, turn } = open();
  put('one');
  await turn();
  expect(writes[0]).toContain('\x1b[?25l');
  canvas.point({ x: 3, y: 0 });
  await turn();
  expect(writes[1]).toBe('\x1b[?2026h\x1b[1;4H\x1b[?25h\x1b[?2026l');
  canvas.point(null);
  await turn();
  expect(writes[2]).toBe('\x1b[?2026h\x1b[?25l\x1b[?2026l');
});

test('nothing is drawn once every part has gone', async () => {
  const { canvas, put, writes, turn } = open();
  const part = {};
  put('one', 0, part);
  await turn();
  canvas.take(part);
  await turn();
  expect(writes).toHaveLength(1);
});

test('a box lies over the panes whoever was first, and halves no wide character', () => {
  const canvas = createCanvas(() => {});
  canvas.resize({ columns: 12, rows: 2 });
  const put = (text: string, left: number, width: number, layer: (typeof layers)[number]) =>
    canvas.put(
      {},
      { left, top: 1, width, lines: [line(span(text, layer === 'over' ? 'good' : 'dim'))], layer },
    );
  put('[box]', 3, 5, 'over');
  put('中文中文中文', 0, 12, 'panes');
  const rows = canvas.picture()!.rows.map(row => row.map(({ text }) => text).join(''));
  expect(rows).toEqual([' '.repeat(12), '中 [box]中文']);
});

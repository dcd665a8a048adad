import stringWidth from 'string-width';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../source/commands/calling/command.ts';
import { placeOf } from '../../source/commands/calling/overlays.ts';
import { translateWith } from '../../source/core/words/translate.ts';
import { chinese } from '../../source/zh/chinese.ts';
import { keyBytes } from '../e2e/keys.ts';
import { callOf, pair } from '../support/playing.ts';
import { keymap, keys, openScreen, type Screen } from '../ui/screen.tsx';

let screen: Screen;

beforeAll(() => translateWith(chinese));
afterAll(() => translateWith(null));
afterEach(() => screen.close());

/** Three words of English and more in a row. */
const english = /[A-Za-z][a-z']+(?:[,:;]? [A-Za-z]?[a-z']+){2,}/g;

/** Words that are typed: they are the same in every language. */
const typed = /text, hex, base64, python/g;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Rows that were met: from one key to the next most stay as they are. */
const known = new Map<string, readonly string[]>();

/** A row by columns; the second one of a wide character is ''. */
const cellsOf = (row: string): readonly string[] => {
  const before = known.get(row);
  if (before) return before;
  const cells = [...segmenter.segment(row)].flatMap(({ segment }) =>
    stringWidth(segment) > 1 ? [segment, ''] : [segment],
  );
  known.set(row, cells);
  return cells;
};

type Rows = readonly (readonly string[])[];

const isBorder = (cell: string | undefined): boolean => /^[\u2500-\u257f]$/.test(cell ?? '');

/** Boxes of what has the focus, each by whether both its sides stand straight from its top to its bottom. */
const focusedBoxes = (rows: Rows): readonly boolean[] =>
  rows.flatMap((cells, top) =>
    cells.flatMap((cell, left) => {
      const right = cells.indexOf('╗', left);
      if (cell !== '╔' || right < 0) return [];
      const below = rows.slice(top + 1);
      const end = below.findIndex(row => row[left] !== '║' || row[right] !== '║');
      return [below[end]?.[left] === '╚' && below[end]?.[right] === '╝'];
    }),
  );

/** What is wrong with the screen as it is: English in it, a row without its end, a box with a dent. */
const troubles = (columns: number): readonly string[] => {
  const lines = screen.lines();
  const rows = lines.map(cellsOf);
  const torn = lines.filter((_, at) => {
    const cells = rows[at]!;
    return cells.length > columns || (isBorder(cells[0]) && !isBorder(cells[columns - 1]));
  });
  const boxes = focusedBoxes(rows);
  // An overlay may lie over the pane that has the focus.
  const isOver = screen.store.getState().view.overlays.length > 0;
  const dented = isOver ? boxes.length > 0 && !boxes.includes(true) : boxes.includes(false);
  return [
    ...lines.flatMap(row => row.replaceAll(typed, '').match(english) ?? []),
    ...torn,
    ...(dented ? [`a box is not whole:\n${screen.frame()}`] : []),
  ];
};

/** What ends the screen, or gives the terminal away. */
const leaving: ReadonlySet<string> = new Set(['quit', 'suspend', 'redraw', 'interrupt']);

/** The commands that have a key here. */
const commandsHere = (): readonly Command[] => {
  const place = placeOf(screen.store.getState());
  return keymap.commands.filter(
    ({ id, where }) => where.includes(place) && !leaving.has(id) && keymap.keysOf(id).length > 0,
  );
};

const call = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

/** A bench on which a call has failed, two wait for each other, and one stands behind them. */
const openBench = async (size: { columns: number; rows: number }): Promise<void> => {
  screen = openScreen(size);
  await call('c9 = socket', 'c9.connect 127.0.0.1:1');
  await call('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9001', ...pair);
  await call('c1.sendall "hello"', 'a1.recv 3');
  for (const program of ['client', 'tcp-server'] as const) screen.bench.setPolicy(program, 'single');
  await call('c1.settimeout 60s', 'c1.recv 10', 'a1.recv 2', 'a1.recv 10', 'c1.send "x"');
  await screen.pass(1_500);
};

const closeOverlays = async (): Promise<void> => {
  const isOver = () => screen.store.getState().view.overlays.length > 0;
  for (let tries = 0; tries < 5 && isOver(); tries++) await screen.press(keys.escape);
};

describe.each([
  { columns: 80, rows: 24, panes: ['1', '2', '3', '4', '5'] },
  { columns: 120, rows: 36, panes: ['1', '5'] },
])('in Chinese, at $columns by $rows,', ({ panes, ...size }) => {
  /** What was wrong on which screen. */
  const found: Record<string, readonly string[]> = {};
  const look = (what: string): void => {
    const seen = troubles(size.columns);
    if (seen.length > 0) found[what] = seen;
  };

  afterEach(() => {
    for (const what of Object.keys(found)) delete found[what];
  });

  test.each(panes)('nothing that a key of pane %s shows is English or torn', async pane => {
    await openBench(size);
    await screen.press(pane);
    look('the pane');
    for (const { id } of commandsHere()) {
      await screen.press(keyBytes(keymap.keysOf(id)[0]!));
      look(id);
      await closeOverlays();
      await screen.press(pane);
    }
    expect(found).toEqual({});
  });

  test('nor are the first screen, a deadlock explained, a failed call, a stream, nor what is refused', async () => {
    screen = openScreen(size);
    for (const pane of ['1', '2', '3', '4', '5']) {
      await screen.press(pane);
      look(`pane ${pane} of an empty bench`);
    }
    await screen.close();
    await openBench(size);
    const shows = async (what: string, text: string, ...pressed: readonly string[]): Promise<void> => {
      await screen.press(...pressed);
      await screen.shows(text);
      look(what);
      await closeOverlays();
    };
    await shows('why', 'DEADLOCK', 'w');
    await shows('the glossary, further down', 'LISTEN', '1', 'i', ...Array<string>(12).fill(keys.down));
    await shows('a table', 'Recv-Q', '1', 'z');
    await shows('an entry', 'ECONNREFUSED', '1', 'z', '5', '{', keys.enter);
    await shows('a stream', 'hello', '1', keys.down, keys.enter);
    await shows('what a form refuses', 'nowhere:x', '1', 'c', keys.ctrl('u'), ...'nowhere:x', keys.enter);
    await shows('what is lacking in the palette', 'c1.recv x', ':', ...'c1.recv x');
    await shows('what the palette refuses', 'c1.recv x', ':', ...'c1.recv x', keys.enter);
    expect(found).toEqual({});
  });
});

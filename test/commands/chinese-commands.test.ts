import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatKeys } from '../../source/commands/calling/keys-list.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { helpItems } from '../../source/commands/looking/help-commands.ts';
import { paletteItems } from '../../source/commands/looking/palette-commands.ts';
import { t, translateWith } from '../../source/core/words/translate.ts';
import { chinese } from '../../source/zh/chinese.ts';
import { keymap } from '../support/outside.ts';

beforeEach(() => translateWith(chinese));
afterEach(() => translateWith(null));

/** The first row that is no line typed whole. */
const foundBy = (text: string): string | undefined =>
  paletteItems(commandTable, text, {}).find(item => item.kind === 'command')?.command.id;

test.each(['connect', '连接到 TCP', 'Connect to a TCP', '连接'])('the palette finds connect by %s', text =>
  expect(foundBy(text)).toBe('connect'),
);

test.each(['回放的一个条目', 'entry of the replay', 'goto'])('the palette finds goto by %s', text =>
  expect(foundBy(text)).toBe('goto'),
);

test('each command of the palette is found first by its Chinese title, and by its English one', () => {
  const listed = commandTable.filter(({ listed }) => listed);
  const lost = listed.filter(({ id, title }) => foundBy(title) !== id || foundBy(t(title)) !== id);
  expect(lost.map(({ id }) => id)).toEqual([]);
});

test('help is filtered by either language', () => {
  const ids = (filter: string) => helpItems(keymap, 'client', filter).map(({ id }) => id);
  expect(ids('当前套接字的故障')[0]).toBe('fault');
  expect(ids('Faults of the socket')[0]).toBe('fault');
});

test('a hint that is no more than its title is said in Chinese too', () => {
  const redraw = commandTable.find(({ id }) => id === 'redraw')!;
  expect(typeof redraw.short === 'function' && redraw.short({} as never)).toBe('重画屏幕');
});

test('the list of keys stands in columns, two cells a character', () => {
  const lines = formatKeys(commandTable).split('\n');
  const [first] = lines;
  expect(first).toContain('查看光标下的调用');
  const places = lines.map(line => line.lastIndexOf('  ') + 2);
  const starts = lines.map((line, at) => stringWidth(line.slice(0, places[at])));
  expect(new Set(starts).size).toBe(1);
});

import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { translateWith } from '../../source/core/words/translate.ts';
import { chinese } from '../../source/zh/chinese.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen | undefined;

beforeEach(() => translateWith(chinese));

afterEach(async () => {
  await screen?.close();
  screen = undefined;
  translateWith(null);
});

/** Where a text begins in the row with this label, in columns. */
const columnOf = (shown: Screen, text: string, label: string): number => {
  const row = shown.lines().find(line => line.includes(label) && line.includes(text)) ?? '';
  return stringWidth(row.slice(0, row.indexOf(text)));
};

test.each([
  { columns: 120, rows: 36 },
  { columns: 80, rows: 24 },
])('a form in Chinese at $columns by $rows: its values stand in one column', async size => {
  screen = openScreen(size);
  await screen.press('L');
  await screen.shows('监听 TCP 客户端');
  await screen.shows('> 地址     127.0.0.1:51423');
  const column = columnOf(screen, '127.0.0.1:51423', '地址');
  expect(columnOf(screen, '128', 'backlog')).toBe(column);
  expect(columnOf(screen, 'PORT、', '[IPv6]')).toBe(column);
  expect(screen.lines().filter(row => stringWidth(row) > size.columns)).toEqual([]);
});

test('what is refused in a form is said in Chinese, under the column', async () => {
  screen = openScreen({ columns: 80, rows: 24 });
  await screen.press('L', keys.tab, keys.backspace, 'x', keys.enter);
  await screen.shows('“12x” 不是连接数：请写 0 到 65535');
  expect(columnOf(screen, '^', '')).toBe(columnOf(screen, '12x', 'backlog'));
});

test('why a key does nothing, and what it would do, are said in Chinese', async () => {
  screen = openScreen({ columns: 120, rows: 36 });
  await screen.press('s');
  await screen.shows('客户端中没有打开任何套接字：用 c 连接，用 o 打开 UDP 套接字');
  await screen.press('?', '客户端窗格');
  await screen.shows('到客户端窗格');
  await screen.shows('Enter 运行');
});

test('the palette finds a command by its Chinese title and runs it', async () => {
  screen = openScreen({ columns: 80, rows: 24 });
  await screen.press(':', '监听');
  await screen.shows('> listen');
  await screen.press(keys.enter);
  await screen.shows('s1 LISTEN');
});

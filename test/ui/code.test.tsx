import { afterEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../source/formats/code/code-of.ts';
import type { OutsideServices } from '../../source/ui/app.tsx';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const copies: string[] = [];

const services: Partial<OutsideServices> = {
  code: async ({ journal }, about) => codeOf(journal.slice(1, journal.last()), about),
  copy: async text => {
    copies.push(text);
    return 'copied';
  },
};

const open = async (...lines: readonly string[]): Promise<void> => {
  screen = openScreen({ services });
  for (const line of lines) await screen.call(callOf(line));
};

describe('the code on the line', () => {
  test('is that of the call under the cursor, in Python and in C, and is copied whole', async () => {
    await open(...pair, 'c1.recv 10', 'a1.send "hi"');
    await screen.press('5', '/', 'recv 10 =', keys.enter, 'V');
    await screen.shows('c1.recv as Python');
    await screen.shows('data = c1.recv(10)');
    await screen.press(keys.tab);
    await screen.shows('c1.recv as C');
    await screen.shows('ssize_t got = recv(c1, data, 10, 0);');
    copies.length = 0;
    await screen.press('y');
    await screen.shows('c1.recv as C: copied');
    expect(copies[0]).toMatch(/^#include <stdio\.h>\n[\s\S]*recv\(c1, data, 10, 0\);[\s\S]*}\n$/);
  });

  test("is a socket's life so far, of a call's socket too, and scrolls", async () => {
    await open(...pair, 'c1.recv 10', 'a1.send "hi"');
    await screen.press('5', '/', 'a1.send', keys.enter, 'V', 'a');
    await screen.shows("a1's life so far as Python");
    await screen.shows('s1.bind(("127.0.0.1", 9000))');
    await screen.press(keys.tab);
    await screen.shows("a1's life so far as C");
    await screen.shows('rows 1 to');
    await screen.press('G');
    await screen.shows('return 0;');
    await screen.press('a');
    await screen.shows('a1.send as C');
    await screen.press(keys.escape, '1', 'V');
    await screen.shows("c1's life so far as Python");
    await screen.press('a');
    await screen.shows('This is all of it');
  });

  test('is that of a call in flight too; what is no call says so', async () => {
    await open(...pair, 'c1.recv 10');
    await screen.press('5', '/', 'recv 10 BLOCKED', keys.enter, 'V');
    await screen.shows('# c1.recv 10 = in flight');
    await screen.press(keys.escape);
    screen.bench.note('info', 'a word');
    await screen.shows('a word');
    await screen.press('G', 'V');
    await screen.shows('No call and no socket is under the cursor');
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const message = () => screen.store.getState().view.message;

describe('a message', () => {
  test('that says why something cannot be done goes with what makes it possible', async () => {
    screen = openScreen();
    await screen.press('s');
    await screen.until(() => message() !== null, 'the reason');
    await screen.press('L');
    await screen.shows('Listen for TCP clients');
    expect(message()).toBeNull();
  });

  test('stays while one moves and types', async () => {
    screen = openScreen();
    await screen.press('s');
    await screen.until(() => message() !== null, 'the reason');
    await screen.press(keys.tab, keys.down, keys.down);
    await screen.shows('2 TCP server *');
    expect(message()).not.toBeNull();
  });

  test('of Ctrl-C is no longer so once something else was done', async () => {
    screen = openScreen();
    await screen.press(keys.ctrl('c'));
    await screen.shows('again quits');
    await screen.press('P');
    await screen.hides('again quits');
    expect(screen.store.getState().view.quitBefore).toBe(0);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const open = async (...lines: readonly string[]): Promise<void> => {
  screen = openScreen();
  for (const line of lines) await screen.call(callOf(line));
};

const calls = () => [...screen.bench.state().calls.values()];

describe('a new timeout while a call waits', () => {
  test('leaves the call as it is, and says how to make it again', async () => {
    await open(...pair, 'c1.recv 10');
    const [waiting] = calls();
    await screen.press('t');
    await screen.shows('call that waits');
    await screen.press('2s', keys.enter);
    await screen.shows(
      'c1: timeout 2s from the next call on, as in Python; c1.recv waits on without it: t, restart',
    );
    expect(calls()).toEqual([waiting]);
  });

  test('restart cancels the call and makes it again with the new deadline; the log says what that is', async () => {
    await open(...pair, 'c1.recv 10');
    await screen.press('t', '2s', keys.tab, 'restart', keys.enter);
    await screen.shows('c1: timeout 2s; c1.recv was cancelled and made again with it');
    await screen.shows('c1.recv is cancelled and made again with its new timeout, 2s');
    await screen.shows('c1.recv 10 = INTERRUPTED');
    await screen.shows('c1.recv 10 BLOCKED');
    const [again, ...more] = calls();
    expect(more).toEqual([]);
    expect(again!.deadline).toBeCloseTo(again!.startedAt! + 2_000);
    await screen.pass(2_100);
    await screen.shows('c1.recv 10 = TIMEOUT');
  });

  test('is told of an accept too, which keeps the name that its socket is to have', async () => {
    await open('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5', 'a7 = s1.accept');
    await screen.press('2', 't', '3s', keys.tab, 'restart', keys.enter);
    await screen.shows('s1.accept was cancelled and made again');
    expect(calls().map(({ call }) => call)).toEqual([callOf('a7 = s1.accept')]);
  });

  test('has no field for it where none waits, and none for what a loop does by itself', async () => {
    screen = openScreen({ loops: { accept: false, receive: true } });
    for (const line of pair) await screen.call(callOf(line));
    await screen.shows('c1.recv 128KiB BLOCKED');
    await screen.press('t');
    await screen.shows('Set the timeout');
    expect(screen.frame()).not.toContain('call that waits');
    await screen.press('2s', keys.enter);
    await screen.shows('c1: timeout 2s from the next call on, as in Python');
    expect(screen.frame()).not.toContain('restart');
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const perform = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

const rows = (words: RegExp): string[] => screen.lines().filter(row => /#\d+ /.test(row) && words.test(row));

const numberIn = (row: string | undefined): string => /#(\d+) /.exec(row ?? '')![1]!;

describe('a call and its end in the log', () => {
  test('are one row where the call began: it counts up, and the end fills it in', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.recv 10');
    await screen.shows('c1.recv 10 BLOCKED');
    const began = numberIn(rows(/c1\.recv 10/)[0]);
    await screen.pass(1_200);
    await screen.ticks(/c1\.recv 10 BLOCKED 1\.\ds/);
    await perform('a1.getsockname', 'a1.send "hi"');
    await screen.shows('c1.recv 10 = "hi" <');
    const [row, ...more] = rows(/c1\.recv/);
    expect(more).toEqual([]);
    expect(numberIn(row)).toBe(began);
    // Others name the end by its number.
    const ended = /#(\d+) by #\d+/.exec(row!)![1];
    expect(rows(/a1\.send/)[0]).toContain(`wakes #${ended}`);
  });

  test('unfold to the two rows of strace and fold again; the cursor stays on the call', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.recv 10', 'a1.send "hi"');
    await screen.press('5', '/', 'recv 10 =', keys.enter);
    await screen.until(
      () => rows(/^║>/).some(row => row.includes('c1.recv 10 = "hi"')),
      'the cursor on the recv',
    );
    await screen.press('u');
    await screen.shows('<... c1.recv resumed> = "hi"');
    await screen.until(
      () => rows(/^║>/).some(row => row.includes('c1.recv 10 <unfinished ...>')),
      'the cursor',
    );
    await screen.press('u');
    await screen.hides('resumed>');
    expect(rows(/^║>/)[0]).toContain('c1.recv 10 = "hi"');
  });

  test('Enter opens the end, and a link to the end leads to the row', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.recv 10', 'a1.send "hi"', 'a1.getsockname');
    await screen.press('5', '/', 'a1.send', keys.enter, '>');
    await screen.until(
      () => rows(/^║>/).some(row => row.includes('c1.recv 10 = "hi"')),
      'the cursor on the recv',
    );
    await screen.press(keys.enter);
    await screen.shows('received, 2 bytes');
  });

  test('are counted while they are in flight above what is seen', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.recv 10');
    for (let n = 1; n <= 60; n++) screen.bench.note('info', `note ${n}`);
    await screen.shows('following, 1 blocked earlier, 69 entries');
    await perform('a1.send "hi"');
    await screen.hides('blocked earlier');
  });

  test('do not move what is read while it ends', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.recv 10');
    for (let n = 1; n <= 60; n++) screen.bench.note('info', `note ${n}`);
    await screen.press('5', 'g', 'j');
    await screen.shows('not following');
    const numbers = () => rows(/./).map(numberIn);
    const before = numbers();
    await perform('a1.send "hi"');
    await screen.shows('c1.recv 10 = "hi"');
    expect(numbers()).toEqual(before);
  });
});

describe('failures in the log', () => {
  test('are gone to with { and }, round the ends of the log and with a word', async () => {
    screen = openScreen();
    await screen.press('5', '{');
    await screen.shows('No call of the log has failed');
    await perform('getservbyname "one"', ...pair, 'getservbyname "two"', 'a1.getsockname');
    const cursor = () => rows(/>!#/)[0] ?? '';
    await screen.press('{');
    await screen.until(() => cursor().includes('"two"'), 'the newest');
    await screen.press('{');
    await screen.until(() => cursor().includes('"one"'), 'the one before');
    await screen.press('{');
    await screen.shows('failed calls: went round the start of the log');
    expect(cursor()).toContain('"two"');
    await screen.press('}');
    await screen.shows('failed calls: went round the end of the log');
    expect(cursor()).toContain('"one"');
  });

  test('are not what a loop had in flight when it was switched off', async () => {
    screen = openScreen({ loops: { accept: false, receive: true } });
    await perform(...pair);
    await screen.shows('c1.recv 128KiB BLOCKED');
    screen.bench.setLoop('client', 'receive', false);
    await screen.shows('c1.recv 128KiB = loop off <');
    expect(screen.frame()).not.toContain('KeyboardInterrupt');
    await screen.press('{');
    await screen.shows('No call of the log has failed');
    for (const { id, call } of screen.bench.state().calls.values())
      if (call.on === 'a1') screen.bench.cancel(id);
    await screen.shows('= INTERRUPTED KeyboardInterrupt');
  });
});

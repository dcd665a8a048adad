import { afterEach, describe, expect, test } from 'vitest';
import { createTimelineIndex } from '../../source/bench/view/timeline-index.ts';
import { defaultCaps } from '../../source/core/model/journal.ts';
import { callOf, pair, playing } from '../support/playing.ts';
import { openScreen, type Screen, type ScreenSetup } from './screen.tsx';

let screen: Screen | undefined;

afterEach(() => {
  screen?.close();
  screen = undefined;
});

const open = async (setup: ScreenSetup, ...lines: readonly string[]): Promise<Screen> => {
  const opened = openScreen(setup);
  screen = opened;
  for (const line of lines) await opened.call(callOf(line));
  return opened;
};

const row = ({ lines }: Screen, text: string): string => {
  const top = lines().findIndex(each => each.includes('4 Timeline'));
  return lines()
    .slice(top)
    .find(each => each.includes(text))!;
};

const knotted = [...pair, 'c1.recv 10', 'a1.recv 10'];

describe('a deadlock on the timeline', () => {
  test('has a row from when its ring closed to when it opened', async () => {
    const shown = await open({}, ...pair);
    shown.bench.setPolicy('client', 'single');
    shown.bench.setPolicy('tcp-server', 'single');
    await shown.call(callOf('c1.recv 10'));
    await shown.press('4');
    await shown.hides('! DEADLOCK ');
    await shown.pass(2_000);
    await shown.call(callOf('a1.recv 10'));
    await shown.shows(' ! DEADLOCK ');
    await shown.pass(3_000);
    await shown.ticks(/! DEADLOCK +┣ 3\.\ds ━+ /);
    const start = row(shown, '! DEADLOCK').indexOf('┣');
    expect(row(shown, 'tcp-server').slice(0, start + 1)).toMatch(/┣$/);
    const [stuck] = shown.bench.state().calls.values();
    shown.bench.cancel(stuck!.id);
    await shown.shows('━┫');
    await shown.pass(1_000);
    expect(row(shown, '! DEADLOCK')).toMatch(/┣ 3\.\ds ━+┫ /);
  });

  test('is known as of each entry, also where the time goes back', async () => {
    const { bench, play } = playing('single');
    await play(...knotted);
    const index = createTimelineIndex(bench.journal);
    const closed = bench.state().entries;
    const [ring] = index.deadlocks(closed);
    const began = [...bench.state().calls.values()].map(({ startedAt }) => startedAt!);
    expect(ring).toEqual({ began: Math.max(...began), end: null });
    const [first] = bench.state().calls.values();
    bench.cancel(first!.id);
    bench.flush();
    const [opened] = index.deadlocks(bench.state().entries);
    expect(opened!.end).toBe(bench.now());
    expect(index.deadlocks(closed)).toEqual([ring]);
    expect(index.deadlocks(1)).toEqual([]);
  });
});

describe('a deadlock that opened while nobody looked', () => {
  test('is over on the timeline, also where the journal no longer tells of its end', async () => {
    const { bench, play } = playing('single');
    await play(...knotted);
    const index = createTimelineIndex(bench.journal);
    expect(index.deadlocks(bench.state().entries)).toMatchObject([{ end: null }]);
    const [first] = bench.state().calls.values();
    bench.cancel(first!.id);
    bench.flush();
    for (let n = 0; n < defaultCaps.entries; n++) bench.note('info', 'nobody looks');
    bench.flush();
    expect(bench.journal.at(first!.n)).toBeUndefined();
    expect(index.deadlocks(bench.state().entries)).toMatchObject([{ end: expect.any(Number) }]);
  });

  test('stands where it closed meanwhile', async () => {
    const { bench, play } = playing('single');
    const index = createTimelineIndex(bench.journal);
    index.deadlocks(bench.state().entries);
    await play(...knotted);
    for (let n = 0; n < defaultCaps.entries; n++) bench.note('info', 'nobody looks');
    bench.flush();
    expect(index.deadlocks(bench.state().entries)).toMatchObject([{ end: null }]);
  });
});

describe('who woke whom on the timeline', () => {
  test.each([
    { ascii: false, dot: '●', arrow: '▲' },
    { ascii: true, dot: 'o', arrow: '^' },
  ])(
    'is drawn from row to row for the call under the cursor (ascii: $ascii)',
    async ({ ascii, dot, arrow }) => {
      const shown = await open({ ascii }, ...pair, 'c1.recv 10');
      await shown.pass(1_000);
      await shown.call(callOf('a1.send "hi"'));
      await shown.press('4', 'g');
      for (let i = 0; i < 8; i++) await shown.press('k');
      await shown.until(() => row(shown, 'c1 reader').includes('>'), 'the cursor on c1 reader');
      await shown.until(() => row(shown, 'c1 reader').includes(arrow), 'the arrow at the end of the recv');
      const column = row(shown, 'c1 reader').lastIndexOf(arrow);
      expect(row(shown, 'a1 writer')[column]).toBe(dot);
      expect(row(shown, 's1 reader')[column]).toBe(ascii ? '|' : '│');
    },
  );
});

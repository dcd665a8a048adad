import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { headlessBench } from '../../source/cli/labs/headless.ts';
import { createLabControl, type OnScreen } from '../../source/cli/labs/lab-control.ts';
import type { ProgressKeeper } from '../../source/cli/labs/progress-keeper.ts';
import type { Position } from '../../source/labs/lab-session.ts';
import type { Progress } from '../../source/settings/progress.ts';

const labText = (title: string) => `lab: mine\ntitle: ${title}\nstages:\n  - do: |\n      c1 = socket\n`;

/** The labs of a person with a bench of their own, and what is on the screen. */
const openDesk = (progress?: ProgressKeeper) => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-desk-'));
  const bench = headlessBench();
  const own = { bench, store: createWorldStore(bench), recorded: false };
  let shown: OnScreen = own;
  const show = (next: OnScreen) => {
    shown = next;
  };
  const desk = createLabControl({
    own,
    language: 'en',
    record: undefined,
    show,
    ...(progress && { progress }),
  });
  onTestFinished(async () => {
    await desk.close();
    await bench.dispose();
    rmSync(folder, { recursive: true });
  });
  return { desk, file: join(folder, 'mine.yaml'), shown: () => shown };
};

test('a lab that is run again is read again: a number may have been changed meanwhile', async () => {
  const { desk, file, shown } = openDesk();
  const title = () => shown().store.getState().view.lab?.title;
  writeFileSync(file, labText('First'));
  expect(await desk.open(file)).toBe('');
  expect(title()).toBe('First');
  writeFileSync(file, labText('Second'));
  desk.current?.again();
  await expect.poll(title).toBe('Second');
});

test('one that can no longer be read stays on the screen, with the reason in its log', async () => {
  const { desk, file, shown } = openDesk();
  writeFileSync(file, labText('First'));
  await desk.open(file);
  const { bench } = shown();
  writeFileSync(file, labText('Second').replace('c1 = socket', 'c1 = sockt'));
  desk.current?.again();
  await expect
    .poll(() => bench.journal.at(bench.journal.last()))
    .toMatchObject({
      kind: 'note',
      level: 'warning',
      text: expect.stringContaining('sockt is no call'),
    });
  expect(shown().bench).toBe(bench);
});

/** What would be kept in a file. */
const keeperOf = (progress: Progress): ProgressKeeper & { readonly kept: (Position | null)[] } => {
  const kept: (Position | null)[] = [];
  return {
    kept,
    read: async () => ({ progress, trouble: '' }),
    keep: async (_, at) => {
      kept.push(at);
      return '';
    },
    settled: async () => {},
  };
};

test('a lab goes on where it was left: its lines before that are run first', async () => {
  const at = { lab: 'same-port', stage: 2, round: 0, line: 2 };
  const progress = keeperOf({ done: {}, at });
  const { desk, shown } = openDesk(progress);
  const lesson = () => shown().store.getState().view.lab;
  expect(await desk.goOn()).toBe('');
  await expect
    .poll(() => lesson()?.lines.find(({ status }) => status === 'next')?.text)
    .toMatch(/^u2 = socket/);
  expect(lesson()).toMatchObject({ name: 'same-port', stage: 3, failed: 0, note: '', phase: 'waiting' });
  expect(shown().bench.state().sockets.has('u1')).toBe(true);
  expect(progress.kept.at(-1)).toEqual({ stage: 2, round: 0, line: 2 });
});

test('one that has changed since begins at its start, and says so', async () => {
  const { desk, shown } = openDesk(
    keeperOf({ done: {}, at: { lab: 'same-port', stage: 9, round: 0, line: 0 } }),
  );
  expect(await desk.goOn()).toBe('');
  const lesson = shown().store.getState().view.lab;
  expect(lesson?.stage).toBe(1);
  expect(lesson?.note).toMatch(/has changed since it was left half way through: it begins at its start/);
});

test('with nothing left the course goes on with the first lab that is not done; at an end it has a next one', async () => {
  const progress = keeperOf({ done: { tour: '2026-01-01T00:00:00.000Z' }, at: null });
  const { desk, shown } = openDesk(progress);
  expect(await desk.goOn()).toBe('');
  const lesson = () => shown().store.getState().view.lab;
  expect(lesson()?.name).toBe('connect');
  expect(await desk.open('error-herror')).toBe('');
  for (let stage = 1; stage <= 3; stage++) {
    desk.current?.runOn();
    await expect
      .poll(() => lesson()?.phase !== 'running' && lesson()?.lines.at(-1)?.status !== 'next')
      .toBe(true);
    if (stage < 3) desk.current?.runOn();
  }
  await expect.poll(() => lesson()?.next).toBe('timeout: the deadline has passed');
  expect(progress.kept.at(-1)).toBeNull();
  expect(await desk.current?.next()).toBe('');
  expect(lesson()?.name).toBe('error-timeout');
});

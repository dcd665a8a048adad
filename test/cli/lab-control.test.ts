import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { headlessBench } from '../../source/cli/labs/headless.ts';
import { createLabControl, type OnScreen } from '../../source/cli/labs/lab-control.ts';

const labText = (title: string) => `lab: mine\ntitle: ${title}\nstages:\n  - do: |\n      c1 = socket\n`;

/** The labs of a person with a bench of their own, and what is on the screen. */
const openDesk = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-desk-'));
  const bench = headlessBench();
  const own = { bench, store: createWorldStore(bench), recorded: false };
  let shown: OnScreen = own;
  const show = (next: OnScreen) => {
    shown = next;
  };
  const desk = createLabControl({ own, language: 'en', record: undefined, show });
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

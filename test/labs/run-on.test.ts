import { afterEach, expect, test } from 'vitest';
import { isStageOver, type LabView } from '../../source/bench/view/lab-view.ts';
import { startLab } from '../../source/cli/labs/lab-bench.ts';
import { findLab } from '../../source/labs/catalogue.ts';

let dispose = async (): Promise<void> => {};

afterEach(() => dispose());

const open = async (name: string, seen: (view: LabView) => void = () => {}) => {
  const found = await findLab(name);
  if (!found.ok) throw new Error(found.message);
  const shown: LabView[] = [];
  const show = (view: LabView) => {
    shown.push(view);
    seen(view);
  };
  const { bench, player } = await startLab(found.lab, 'en', { show, prepare: async () => {} });
  dispose = async () => {
    player.stop();
    await bench.dispose();
  };
  return { player, shown, now: () => shown.at(-1)! };
};

test('running on stops at the end of each stage, and the next one is read before its first line runs', async () => {
  const { player, shown, now } = await open('same-port');
  for (let stage = 1; stage <= now().stages; stage++) {
    expect(now()).toMatchObject({ stage, phase: 'waiting', runningOn: false });
    expect(now().lines.find(({ kind }) => kind !== 'comment')?.status).toBe('next');
    player.runOn();
    await expect.poll(() => isStageOver(now()) || now().phase === 'over').toBe(true);
    expect(now()).toMatchObject({ stage, runningOn: false });
    if (stage < now().stages) player.runOn();
  }
  expect(now()).toMatchObject({ phase: 'over', failed: 0 });
  expect(shown.some(({ runningOn }) => runningOn)).toBe(true);
});

test('a step while it runs on stops it after its line', async () => {
  const { player, now } = await open('same-port', view => {
    if (view.runningOn) player.step();
  });
  player.runOn();
  await expect.poll(() => now().lines.some(({ status }) => status === 'done')).toBe(true);
  await expect.poll(() => now().phase).toBe('waiting');
  expect(now().lines.filter(({ status }) => status === 'next')).toHaveLength(1);
  expect(now().lines.filter(({ status }) => status === 'ahead').length).toBeGreaterThan(0);
});

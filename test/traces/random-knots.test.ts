import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/lacks.ts';
import { familyOf, type Running, startProgram } from './programs.ts';
import { type RandomScript, randomScript } from './random-knots.ts';
import { see } from './seeing.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const program = join(import.meta.dirname, 'script.py');

/** `SOCKBENCH_WHY_SCRIPTS=200` for a proof; what a verdict says is then watched for 3 s. */
const scripts = Number(process.env.SOCKBENCH_WHY_SCRIPTS ?? 6);
const watchedMs = scripts > 6 ? 3_000 : 500;

/** How long scripts may run on before a deadlock must have been seen, in ms. */
const patience = 20_000;

const endedBy = (output: string, id: string): number => output.split(`ended ${id}\n`).length;

/** Ids of threads in a DEADLOCK, once there is one; null where the script came to its end without. */
const firstVerdict = async (running: Running, done: () => boolean): Promise<readonly string[] | null> => {
  const until = performance.now() + patience;
  while (!done() && performance.now() < until) {
    const seen = await see(familyOf(running.pid));
    const knots = seen.knots.filter(({ kind }) => kind === 'deadlock');
    if (knots.length > 0) return knots.flatMap(({ cycle }) => cycle);
  }
  return null;
};

/** What was wrong with the verdict on a script: '' where nothing was. */
const judge = async ({ knot, ...script }: RandomScript): Promise<string> => {
  const running = startProgram('python3', [program, JSON.stringify(script)]);
  let done = false;
  void running.exited.then(() => {
    done = true;
  });
  try {
    await running.printed(new RegExp(`(?:began[^]*){${script.processes.length}}`));
    const named = await firstVerdict(running, () => done);
    if (named === null) return knot ? 'a deadlock was not seen' : '';
    const before = running.output();
    await pause(watchedMs);
    const moved = named.filter(id => endedBy(running.output(), id) !== endedBy(before, id));
    if (moved.length > 0) return `${moved.join(', ')} went on`;
    return knot ? '' : 'DEADLOCK where the plan has none';
  } finally {
    await running.stop();
  }
};

const randomKnots = (count: number): number =>
  Array.from({ length: count }, (_, seed) => randomScript(seed)).filter(({ knot }) => knot).length;

describe.runIf(needs.every(lack => lack === null))('the truth is the run itself', () => {
  const all = Array.from({ length: scripts }, (_, seed) => ({ seed, ...randomScript(seed) }));

  test('scripts have deadlocks and near misses', () => {
    const knots = randomKnots(200);
    expect(knots).toBeGreaterThan(40);
    expect(knots).toBeLessThan(160);
  });

  test.each(all)('script $seed, deadlock: $knot', { timeout: 60_000 }, async ({ seed: _, ...script }) => {
    expect(await judge(script)).toBe('');
  });
});

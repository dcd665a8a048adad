import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { familyOf, type Running, startProgram } from './programs.ts';
import { type Miss, misses, type RandomScript, randomScript } from './random-knots.ts';
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
const judge = async ({ knot, pairs, processes }: RandomScript): Promise<string> => {
  const running = startProgram('python3', [program, JSON.stringify({ pairs, processes })]);
  let done = false;
  void running.exited.then(() => {
    done = true;
  });
  try {
    await running.printed(new RegExp(`(?:began[^]*){${processes.length}}`));
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

/** What each near miss lacks a deadlock by: one timer, one thread that acts, one byte. */
const lackOf: Readonly<Record<Miss, 'timer' | 'thread' | 'byte'>> = {
  timer: 'timer',
  settimeout: 'timer',
  SO_RCVTIMEO: 'timer',
  thread: 'thread',
  reader: 'thread',
  byte: 'byte',
};

/** A proof has as many as these at least. */
const proof = { scripts: 200, knots: 40, misses: 40, ofEachLack: 10, ofEachMiss: 5 };

describe.runIf(needs.every(lack => lack === null))('the truth is the run itself', () => {
  const all = Array.from({ length: scripts }, (_, seed) => ({ seed, ...randomScript(seed) }));

  test(`${proof.scripts} scripts have deadlocks, and near misses by one timer, one thread, one byte`, () => {
    const plans = Array.from({ length: proof.scripts }, (_, seed) => randomScript(seed));
    const missed = plans.flatMap(({ miss }) => miss ?? []);
    expect(plans.filter(({ knot }) => knot).length).toBeGreaterThanOrEqual(proof.knots);
    expect(missed.length).toBeGreaterThanOrEqual(proof.misses);
    for (const lack of ['timer', 'thread', 'byte'])
      expect(missed.filter(miss => lackOf[miss] === lack).length).toBeGreaterThanOrEqual(proof.ofEachLack);
    for (const one of misses)
      expect(missed.filter(miss => miss === one).length).toBeGreaterThanOrEqual(proof.ofEachMiss);
  });

  test.each(all)('script $seed, deadlock: $knot', { timeout: 60_000 }, async ({ seed: _, ...script }) => {
    expect(await judge(script)).toBe('');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectFolder } from '../e2e/terminal.ts';

export const knots = join(projectFolder, 'test/traces/knots.py');

/** Each as often as this; with more than one, how long each deadlock took to be named is measured: `SOCKBENCH_WATCH_RUNS=20`. */
export const runs = Number(process.env.SOCKBENCH_WATCH_RUNS ?? 1);

/** The most that may go by between the moment at which the last one blocks and the finding, in ms. */
const mostMs = 500;

export const numbersAfter = (word: string, text: string): number[] =>
  [...text.matchAll(new RegExp(`(?:^|")${word} (\\d+)(?:$|\\\\n)`, 'gm'))].map(([, number]) =>
    Number(number),
  );

/** When a deadlock was found for the first time, ms since 1970, as a recording has it. */
const foundAt = (file: string): number => {
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const line = lines.find(each => each.includes('"kind":"finding"') && each.includes('"name":"deadlock"'));
  return Date.parse((JSON.parse(head) as { began: string }).began) + (JSON.parse(line!) as { t: number }).t;
};

/** `last`: when the last one began to do what it blocks in. */
export const expectSoon = (kind: string, file: string, last: number): void => {
  if (runs === 1) return;
  const took = foundAt(file) - last;
  console.error(`${kind}: named ${took.toFixed(0)} ms after the last one blocked`);
  expect(took).toBeLessThanOrEqual(mostMs);
};

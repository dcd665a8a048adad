import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { inEitherOrder } from './either-order.ts';
import { expectSoon, knots, numbersAfter, runs } from './held-knots.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const fits = needs.every(lack => lack === null) && checkStrace().ok;
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
});

afterEach(async () => {
  await keep.end();
  rmSync(folder, { recursive: true, force: true });
});

const trace = async (file: string, ...program: readonly string[]): Promise<Terminal> =>
  keep.terminal(
    await openWorkbench({
      args: ['trace', '--record', file, '--', python, knots, ...program],
      cols: 120,
      rows: 36,
      env: { XDG_RUNTIME_DIR: folder },
    }),
  );

/** What the programs have printed, as the recording has it by now. */
const printed = (file: string, word: string): number[] => numbersAfter(word, readFileSync(file, 'utf8'));

const quit = async (terminal: Terminal): Promise<void> => {
  terminal.type('q');
  await terminal.until(/Quit\? the \d programs that were started here will be ended/);
  terminal.type('y');
  expect(await terminal.exited).toBe(0);
};

describe.runIf(fits).each(Array.from({ length: runs }, (_, run) => run + 1))(
  'sockbench trace, run %i',
  () => {
    test.each([
      [
        'both-recv',
        2,
        inEitherOrder(
          String.raw`p1\.\d+\.recv waits for p2 to send`,
          String.raw`p[12]\.\d+\.recv waits for p1 to send`,
        ),
      ],
      [
        'both-send',
        2,
        inEitherOrder(
          String.raw`p1\.\d+\.send waits for p2 to recv`,
          String.raw`p[12]\.\d+\.send waits for p1 to recv`,
        ),
      ],
      ['ring', 3, /p[123]\.\d+\.recv waits for p[123] to send, p[123]\.\d+\.recv waits for/],
    ])('names %s soon after its last one blocks', async (kind, count, says) => {
      const file = join(folder, 'session.jsonl');
      const terminal = await trace(file, kind, 'held');
      await terminal.until(shown => shown.join('\n').match(/waits for a signal/g)?.length === count);
      await terminal.until(() => printed(file, 'process').length === count);
      for (const pid of printed(file, 'process')) process.kill(pid, 'SIGUSR1');
      await terminal.until(/! DEADLOCK: /);
      await terminal.until(says);
      await quit(terminal);
      expectSoon(kind, file, Math.max(...printed(file, 'blocks')));
    });

    test('a sleeper that sends later is no deadlock', async () => {
      const terminal = await trace(join(folder, 'session.jsonl'), 'sleep');
      await terminal.until(/thread \d+ {2}sleeps/);
      await terminal.until(/recv 100 +BLOCKED (?!0\.)/);
      expect(terminal.picture()).not.toMatch(/DEADLOCK|for each other/);
      await quit(terminal);
    });
  },
);

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { ensureBuilt, projectFolder, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { type Running, startProgram } from '../traces/programs.ts';
import { inEitherOrder } from './either-order.ts';
import { expectSoon, knots, numbersAfter, runs } from './held-knots.ts';

const sockbench = join(projectFolder, 'bin/sockbench.cjs');
const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const canSee = needs.every(lack => lack === null);

const keep = createKeeper();
let folder: string;
let running: Running | null = null;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-watch-'));
});

afterEach(async () => {
  await keep.end();
  await running?.stop();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Programs that hold their ends and have yet to do what they do. */
const startHeld = async (kind: string, count: number): Promise<number[]> => {
  running = startProgram('python3', [knots, kind, 'held']);
  await running.printed(new RegExp(`(?:process \\d+\\s+){${count}}`));
  return numbersAfter('process', running.output());
};

/** Lets them go on; when the last of them began to do what it blocks in, ms since 1970. */
const letGo = async (pids: readonly number[]): Promise<number> => {
  for (const pid of pids) process.kill(pid, 'SIGUSR1');
  await running!.printed(new RegExp(`(?:blocks \\d+\\s+){${pids.length}}`));
  return Math.max(...numbersAfter('blocks', running!.output()));
};

const watch = async (pid: number, ...more: readonly string[]): Promise<Terminal> =>
  keep.terminal(await openWorkbench({ args: ['watch', String(pid), ...more], cols: 120, rows: 36 }));

const exported = async (file: string, format: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [sockbench, 'export', file, '--to', format])).stdout;

/** The rows of panes that tell of sockets and their calls, without times. */
const rowsOf = (shown: readonly string[]): string[] =>
  shown
    .flatMap(row => [
      ...row.matchAll(/(p\d\.\d+ ESTAB \S+ p\d\.\d+ [\d.]+:\d+)|waits for (python\S* \(p\d\) to \w+)/g),
    ])
    .map(([whole]) => whole.trim());

const tracerOf = (pid: number): string =>
  /^TracerPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

describe.runIf(canSee)('sockbench watch', () => {
  describe.each(Array.from({ length: runs }, (_, run) => run + 1))('run %i', () => {
    test.each([
      [
        'both-recv',
        2,
        inEitherOrder(
          String.raw`p1\.\d+\.recv waits for p2 to send`,
          String.raw`p2\.\d+\.recv waits for p1 to send`,
        ),
      ],
      [
        'both-send',
        2,
        inEitherOrder(
          String.raw`p1\.\d+\.send waits for p2 to recv`,
          String.raw`p2\.\d+\.send waits for p1 to recv`,
        ),
      ],
      ['ring', 3, /p1\.\d+\.recv waits for p[23] to send, p[23]\.\d+\.recv waits for/],
    ])('names %s soon after its last one blocks', async (kind, count, says) => {
      const pids = await startHeld(kind, count);
      const file = join(folder, 'session.jsonl');
      const terminal = await watch(pids[0]!, '--record', file);
      await terminal.until(shown => shown.join('\n').match(/waits for a signal/g)?.length === count);
      const last = await letGo(pids);
      await terminal.until(/! DEADLOCK: /);
      await terminal.until(says);
      expect(pids.map(tracerOf)).toEqual(pids.map(() => '0'));
      terminal.type('q');
      expect(await terminal.exited).toBe(0);
      expectSoon(kind, file, last);
    });

    test('a sleeper that sends later is no deadlock, and one that is killed has ended', async () => {
      running = startProgram('python3', [knots, 'sleep']);
      await running.printed(/(?:process \d+\s+){2}/);
      const pids = numbersAfter('process', running.output());
      const terminal = await watch(pids[0]!);
      await terminal.until(/thread \d+ {2}sleeps/);
      await terminal.until(/recv 100 +BLOCKED (?!0\.)/);
      expect(terminal.screen().join('\n')).not.toMatch(/DEADLOCK|for each other/);
      process.kill(pids[1]!, 'SIGKILL');
      // Its pane says so, or its title where that is folded.
      await terminal.until(/ended: it (?:is gone|was killed by SIGKILL)|p\d python\S* \d+ +ended/);
      terminal.type('qq');
      expect(await terminal.exited).toBe(0);
    });
  });

  test('Unix sockets: their names, who has the other end, and the calls that wait at them', async () => {
    const pids = await startHeld('unix-named', 2);
    const file = join(folder, 'session.jsonl');
    // Its first process gives the listener its name, and either of the two says its number first.
    const first = running!.pid;
    const terminal = await watch(first, '--record', file);
    const name = `unix:@sockbench-knots-${first}`;
    await terminal.until(new RegExp(`p1\\.\\d+ ESTAB → p2\\.\\d+ ${name}`));
    await terminal.until(new RegExp(`p2\\.\\d+ LISTEN ${name}`));
    await letGo(pids);
    await terminal.until(
      inEitherOrder(
        String.raw`p1\.\d+\.recv waits for p2 to send`,
        String.raw`p2\.\d+\.recv waits for p1 to send`,
      ),
    );
    await terminal.until(/recv 100 +BLOCKED[\s\S]*recv 100 +BLOCKED/);
    terminal.type('q');
    await terminal.exited;
    const replay = keep.terminal(await openWorkbench({ args: ['replay', file], cols: 120, rows: 36 }));
    await replay.until(new RegExp(`p1\\.\\d+ ESTAB → p2\\.\\d+ ${name}`));
    await replay.until(/! DEADLOCK/);
    expect(await exported(file, 'strace')).toMatch(
      new RegExp(`^${first} \\S+ recvfrom\\(\\d+, +<unfinished`, 'm'),
    );
    expect(await exported(file, 'jsonl')).toContain('"family":"AF_UNIX"');
  });

  test('a poll and a receive that a signal stops and lets go on are one call each, since when they began', async () => {
    const pids = await startHeld('poll', 2);
    const file = join(folder, 'session.jsonl');
    const terminal = await watch(pids[0]!, '--record', file);
    await letGo(pids);
    await terminal.until(/BLOCKED.*BLOCKED/);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await terminal.until(shown => shown.join('\n').match(/is stopped by a signal/g)?.length === 2);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    await terminal.until(shown => !/is stopped by a signal/.test(shown.join('\n')));
    await terminal.until(/BLOCKED.*BLOCKED/);
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    const kinds = readFileSync(file, 'utf8').match(/"kind":"(?:running|ended)"/g);
    expect(kinds).toEqual(Array(2).fill('"kind":"running"'));
  });

  test('what was recorded is replayed and exported: the same rows', async () => {
    const pids = await startHeld('both-recv', 2);
    const file = join(folder, 'session.jsonl');
    const terminal = await watch(pids[0]!, '--record', file);
    await terminal.until(/waits for a signal/);
    await letGo(pids);
    await terminal.until(shown => /DEADLOCK/.test(shown.join('\n')) && rowsOf(shown).length === 4);
    const rows = rowsOf(terminal.screen());
    terminal.type('r');
    await terminal.until(/These programs are watched, not acted on/);
    terminal.type('q');
    await terminal.exited;
    const replay = keep.terminal(await openWorkbench({ args: ['replay', file], cols: 120, rows: 36 }));
    await replay.until(shown => rowsOf(shown).join() === rows.join());
    const strace = await exported(file, 'strace');
    for (const pid of pids)
      expect(strace).toMatch(new RegExp(`^${pid} \\S+ recvfrom\\(\\d+, +<unfinished`, 'm'));
    const json = await exported(file, 'jsonl');
    expect(json).toContain('"says":"DEADLOCK: p1.');
    expect(await exported(file, 'python')).toContain('2 calls of processes left out');
  });

  test('bad words and no terminal are one sentence, with 2', async () => {
    const refused = async (...words: readonly string[]) =>
      promisify(execFile)(process.execPath, [sockbench, 'watch', ...words]).then(
        () => 'no refusal',
        (error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`,
      );
    expect(await refused()).toMatch(/^2 sockbench watch: name whom to watch.*\n$/);
    expect(await refused('no-such-program')).toMatch(
      /^2 sockbench watch: no-such-program: no process has.*\n$/,
    );
    expect(await refused(String(process.pid))).toMatch(/^2 sockbench watch: .*terminal.*\n$/);
  });
});

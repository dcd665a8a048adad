import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, projectFolder, start, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { limits } from '../support/limits.ts';
import { endStartedWith, startedWith } from '../support/started.ts';

const programs = join(projectFolder, 'test/cli/trace-programs.py');
const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const strace = checkStrace();
const fits = needs.every(lack => lack === null) && strace.ok;
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-killed-'));
});

afterEach(async () => {
  await keep.end();
  // Programs that nobody traces any more, and a strace that stands.
  endStartedWith(folder);
  rmSync(folder, { recursive: true, force: true });
});

const program = () => [python, programs, 'prints', folder];

const inTerminal = (...args: readonly string[]): Terminal =>
  keep.terminal(start({ args, cols: 120, rows: 36, env: { XDG_RUNTIME_DIR: folder } }));

const onScreen = async (rows = 36): Promise<Terminal> => {
  const options = { cols: 120, rows, env: { XDG_RUNTIME_DIR: folder } };
  return keep.terminal(await openWorkbench({ ...options, args: ['trace', '--', ...program()] }));
};

const until = async <T>(what: () => T): Promise<T> =>
  vi.waitFor(what, { timeout: limits.wait, interval: 20 });

const pidPrinted = async (terminal: Terminal): Promise<number> => {
  await terminal.until(/prints \d+/);
  return Number(/prints (\d+)/.exec(terminal.picture())![1]);
};

const tracerOf = (pid: number): number =>
  Number(/^TracerPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** It prints what no pipe holds, ends, and has met nothing that was not its own. */
const endsWell = async (): Promise<void> => {
  writeFileSync(join(folder, 'go'), '');
  await until(() => expect(existsSync(join(folder, 'end'))).toBe(true));
  expect(readFileSync(join(folder, 'end'), 'utf8')).toBe('trouble []\n');
};

const untraced = (pid: number) => until(() => expect(tracerOf(pid)).toBe(0));

describe.runIf(fits)('kill -9', () => {
  test('of a trace with a screen: the program goes on untraced, and all that it prints is taken', async () => {
    const terminal = await onScreen();
    const pid = await pidPrinted(terminal);
    await terminal.until(/recv 1 .*BLOCKED/);
    process.kill(terminal.pid()!, 'SIGKILL');
    await terminal.exited;
    await untraced(pid);
    await endsWell();
    await until(() => expect(startedWith(folder)).toEqual([]));
  });

  test.runIf(strace.ok && !strace.bySeccomp)(
    'of the strace beneath a screen: the program goes on, is watched until its end, and its output is told',
    async () => {
      // Room in the log for all twenty lines of one stream, and more.
      const terminal = await onScreen(80);
      const pid = await pidPrinted(terminal);
      const tracer = tracerOf(pid);
      process.kill(tracer, 'SIGKILL');
      await untraced(pid);
      await terminal.until(/! p1 is traced no longer: its strace has ended/);
      await terminal.until(/1 p1 python\S* \d+ \* {2}2 threads/);
      await terminal.until(/recv 1 .*BLOCKED/);
      await endsWell();
      await terminal.until(/p1 python\S* \d+ err "x+/);
      await until(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
      await terminal.until(/ended: it (?:is gone|ended with exit status 0)/);
      terminal.type('qq');
      expect(await terminal.exited).toBe(0);
    },
  );

  test('of both, sockbench first', async () => {
    const terminal = await onScreen();
    const pid = await pidPrinted(terminal);
    const tracer = tracerOf(pid);
    process.kill(tracer, 'SIGSTOP');
    process.kill(terminal.pid()!, 'SIGKILL');
    await terminal.exited;
    process.kill(tracer, 'SIGKILL');
    if (strace.ok && strace.bySeccomp) return until(() => expect(startedWith(folder)).toEqual([]));
    await untraced(pid);
    await endsWell();
  });

  test('of one without a screen, in a terminal', async () => {
    const terminal = inTerminal('trace', '--no-screen', '--', ...program());
    const pid = await pidPrinted(terminal);
    await terminal.until(/recv 1/);
    process.kill(terminal.pid()!, 'SIGKILL');
    await untraced(pid);
    // The terminal is no more once its shell has ended: that is told as without a trace.
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('prints');
  });

  test('of a trace that a program of another terminal has joined', async () => {
    const terminal = keep.terminal(
      await openWorkbench({
        args: ['trace', '--', 'sleep', '1000'],
        cols: 120,
        rows: 36,
        env: { XDG_RUNTIME_DIR: folder },
      }),
    );
    await terminal.until(/p1 sleep/);
    const joined = inTerminal('trace', '--join', '--', ...program());
    await pidPrinted(joined);
    await terminal.until(/p2\.\d+\.recv 1/);
    process.kill(terminal.pid()!, 'SIGKILL');
    await terminal.exited;
    // strace finds that nobody reads it at the program's next call.
    await endsWell();
    expect(await joined.exited).toBe(0);
  });
});

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, projectFolder, start, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { endStartedWith } from '../support/started.ts';
import { type Running, startProgram } from '../traces/programs.ts';
import { inEitherOrder } from './either-order.ts';

const sockbench = join(projectFolder, 'bin/sockbench.cjs');
const knots = join(projectFolder, 'test/traces/knots.py');
const programs = join(projectFolder, 'test/cli/trace-programs.py');
const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const fits = needs.every(lack => lack === null) && checkStrace().ok;
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

const keep = createKeeper();
let folder: string;
let running: Running | null = null;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
});

afterEach(async () => {
  await keep.end();
  await running?.stop();
  running = null;
  endStartedWith(folder);
  rmSync(folder, { recursive: true, force: true });
});

const trace = async (...args: readonly string[]): Promise<Terminal> =>
  keep.terminal(
    await openWorkbench({
      args: ['trace', ...args],
      cols: 120,
      rows: 36,
      env: { XDG_RUNTIME_DIR: folder },
    }),
  );

const lives = (pid: number): boolean => {
  try {
    return !readlinkSync(`/proc/${pid}/exe`).endsWith('(deleted)');
  } catch {
    return false;
  }
};

const exported = async (file: string, format: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [sockbench, 'export', file, '--to', format])).stdout;

const pidIn = (terminal: Terminal, actor: string): number =>
  Number(new RegExp(`${actor} python\\S* (\\d+)`).exec(terminal.picture())?.[1]);

/** The system's strace, which starts its program once this file is there. */
const slowStrace = (goOn: string): void => {
  const strace = execFileSync('sh', ['-c', 'command -v strace'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(folder, 'strace'),
    `#!/bin/sh\ncase "$*" in *--daemonize*) while [ ! -e ${goOn} ]; do sleep 0.02; done;; esac\nexec ${strace} "$@"\n`,
    { mode: 0o755 },
  );
};

/** How the programs of a recorded session have ended. */
const ends = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/"kind":"gone".*"signal":"(\w*)"/g)].map(([, signal]) => signal!);

describe.runIf(fits)('sockbench trace', () => {
  test('two programs that wait for each other: their panes, what they print, and the finding', async () => {
    const file = join(folder, 'session.jsonl');
    const terminal = await trace('--record', file, '--', python, knots, 'both-recv');
    await terminal.until(
      inEitherOrder(
        String.raw`p1\.\d+\.recv waits for p2 to send`,
        String.raw`p[12]\.\d+\.recv waits for p1 to send`,
      ),
    );
    await terminal.until(/1 p1 python\S* \d+.*traced: slower.*2 p2 python\S* \d+.*traced: slower/);
    await terminal.until(/waits for python\S* \(p2\) to send.*waits for python\S* \(p1\) to send/);
    await terminal.until(/p1 python\S* \d+ out "process \d+\\n"/);
    const pids = [pidIn(terminal, 'p1'), pidIn(terminal, 'p2')];
    expect(pids.map(lives)).toEqual([true, true]);
    terminal.type('q');
    await terminal.until(/Quit\? the 2 programs that were started here will be ended/);
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    expect(pids.map(lives)).toEqual([false, false]);
    expect(await exported(file, 'jsonl')).toMatch(/"kind":"output".*"stream":"out"/);
    expect(await exported(file, 'strace')).toMatch(/recvfrom/);
    expect(await exported(file, 'python')).not.toContain(`process ${pids[0]}`);
  });

  test('what is printed is escaped, on both streams, and nothing is there to read', async () => {
    const script =
      'import sys; print("out \\x1b[31m", repr(sys.stdin.read())); print("err", file=sys.stderr); sys.exit(3)';
    const terminal = await trace('--', python, '-c', script);
    await terminal.until(/p1 python\S* \d+ out "out \\x1b\[31m ''\\n"/);
    await terminal.until(/p1 python\S* \d+ err "err\\n"/);
    await terminal.until(/ended: it .*3/);
    terminal.type('qq');
    expect(await terminal.exited).toBe(0);
  });

  test('what is printed stands among the calls in its order', async () => {
    const file = join(folder, 'session.jsonl');
    const script = join(folder, 'prints.py');
    writeFileSync(
      script,
      'import socket; s = socket.create_server(("127.0.0.1", 0)); print("listens"); s.close(); print("closed")',
    );
    const terminal = await trace('--record', file, '--', python, script);
    await terminal.until(/out "closed\\n"/);
    await terminal.until(/ended: it .*0/);
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    const told = readFileSync(file, 'utf8').match(/listen \d+|\.close|listens|closed/g);
    expect(told).toEqual(['listen 128', 'listens', '.close', 'closed']);
  });

  test('children that have ended give their panes away, and keys go by the panes that are left', async () => {
    const script = `for i in 1 2 3 4 5 6; do /bin/true; done; ${python} ${knots} both-recv`;
    const terminal = await trace('--', 'sh', '-c', script);
    await terminal.until(/! DEADLOCK: p\d\.\d+\.recv waits for p9 to send/);
    await terminal.until(/2 p\d python\S* \d+.*3 p9 python\S* \d+/s);
    expect(terminal.picture()).not.toMatch(/p\d true|p[2-9] sh/);
    expect(terminal.picture()).toMatch(/ 2 blocked /);
    terminal.type('3');
    await terminal.until(/3 p9 python\S* \d+ \*/);
  });

  test('a process that was found running goes on', async () => {
    running = startProgram(python, [programs, 'waits']);
    const [, pid] = await running.printed(/waits (\d+)/);
    const terminal = await trace('-p', pid!);
    await terminal.until(/p1 python\S* \d+.*traced: slower/);
    await terminal.until(/poll .*BLOCKED/);
    terminal.type('qq');
    expect(await terminal.exited).toBe(0);
    expect(lives(Number(pid))).toBe(true);
  });

  test.each([
    ['--json', /^2 sockbench trace: --json goes with --no-screen/],
    ['--screen-reader', /^2 sockbench trace: it is a screen/],
    ['--ascii', /^2 sockbench trace: standard (?:in|out)put is no terminal.*trace --no-screen/],
  ])('%s without a terminal is refused in a sentence', async (flag, says) => {
    const words = flag === '--json' ? ['trace', flag] : [flag, 'trace'];
    const said = await promisify(execFile)(process.execPath, [sockbench, ...words, '--', 'true']).then(
      () => 'no refusal',
      (error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`,
    );
    expect(said).toMatch(says);
  });
});

describe.runIf(fits)('sockbench trace, asked to quit', () => {
  test('before its program has begun, asks, as it ends what comes of it: by SIGTERM first', async () => {
    const [goOn, file] = [join(folder, 'go-on'), join(folder, 'session.jsonl')];
    slowStrace(goOn);
    const terminal = keep.terminal(
      start({
        args: ['trace', '--record', file, '--', 'sleep', '1000'],
        env: { XDG_RUNTIME_DIR: folder, PATH: `${folder}:${process.env.PATH}` },
      }),
    );
    await terminal.ready();
    await terminal.until(/q quit/);
    terminal.type('q');
    await terminal.until(/Quit\? what is being started here will be ended/);
    terminal.type('y');
    await terminal.until(shown => !shown.join('').includes('Quit?'));
    writeFileSync(goOn, '');
    expect(await terminal.exited).toBe(0);
    expect(ends(file)).toEqual(['SIGTERM']);
  });

  test('lets its program start another one in order to end', async () => {
    const [ended, file] = [join(folder, 'ended'), join(folder, 'session.jsonl')];
    // More than the time after which it is looked whether one more was told of.
    const last = `sh -c "sleep 0.3; echo ended > ${ended}"`;
    const program = `trap '${last}; exit' TERM; echo ready; while :; do sleep 0.02; done`;
    const terminal = keep.terminal(
      start({
        args: ['trace', '--record', file, '--', 'sh', '-c', program],
        env: { XDG_RUNTIME_DIR: folder },
      }),
    );
    await terminal.ready();
    await terminal.until(/out "ready/);
    terminal.type('q');
    await terminal.until(/Quit\? /);
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    expect(existsSync(ended)).toBe(true);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { limits } from '../support/limits.ts';
import { ctrl, key } from './keys.ts';
import { untouched } from './screen.ts';
import { projectFolder, type StartOptions, start, type Terminal } from './terminal.ts';
import { createKeeper } from './workbench.ts';

/*
 * Every way out of a program that draws on a terminal: what the terminal is afterwards is what it was before.
 */

const keep = createKeeper();

afterEach(keep.end);

type Command = { readonly args: readonly string[]; readonly sign: RegExp; readonly screen: boolean };

const workbench: Command = { args: [], sign: /Nothing is open yet/, screen: true };
/** A call is in flight, and a timer runs. */
const listening: Command = { args: ['listen', '0'], sign: /s1 LISTEN/, screen: true };
const lesson: Command = { args: ['lab', 'backlog'], sign: /backlog/, screen: true };
const lines: Command = { args: ['--screen-reader'], sign: /^sockbench>/m, screen: false };

/** The program in a terminal that it has taken and changed all it can of: the mouse too. */
const open = async (command: Command, options: StartOptions = {}): Promise<Terminal> => {
  const terminal = keep.terminal(start({ args: command.args, ...options }));
  await terminal.until(command.sign);
  expect(terminal.modes().alternateScreen).toBe(command.screen);
  if (command.screen) {
    await terminal.ready();
    terminal.type('m');
    await terminal.until(() => terminal.modes().mouse);
  }
  return terminal;
};

/** The processes that this one has started. */
const childrenOf = (pid: number | undefined) =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s(.*)/.exec(line))
    .filter(row => row !== null && Number(row[2]) === pid)
    .map(row => ({ pid: Number(row![1]), words: row![3]! }));

const guardOf = (pid: number | undefined): number =>
  childrenOf(pid).find(({ words }) => words.startsWith('/bin/sh -c'))!.pid;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const expectAsBefore = (terminal: Terminal) => {
  expect(terminal.modes()).toEqual(untouched);
  expect(terminal.stty().after).toBe(terminal.stty().before);
};

const breakOff = (way: string, more = ''): StartOptions => ({
  env: { WAY: way, NODE_OPTIONS: `--require ${join(projectFolder, 'test/e2e/break-off.cjs')} ${more}` },
});

type Way = {
  readonly name: string;
  readonly options?: StartOptions;
  readonly go: (terminal: Terminal) => void | Promise<void>;
  /** 128 and a signal's number where that ended it. */
  readonly code: number;
  /** The program could do nothing any more: its guard gives the terminal back. */
  readonly guarded?: true;
};

const signal = (name: NodeJS.Signals, code: number, guarded?: true): Way => ({
  name,
  go: terminal => terminal.kill(name),
  code,
  ...(guarded && { guarded }),
});

const broken = (way: string, code: number, guarded?: true, more?: string): Way => ({
  name: way,
  options: breakOff(way, more),
  go: terminal => terminal.kill('SIGUSR2'),
  code,
  ...(guarded && { guarded }),
});

const ways: readonly Way[] = [
  { name: 'q', go: terminal => terminal.type('q'), code: 0 },
  {
    name: 'Ctrl-C twice',
    go: async terminal => {
      terminal.type(ctrl('c'));
      await terminal.until(/Ctrl-C again quits/);
      terminal.type(ctrl('c'));
    },
    code: 130,
  },
  signal('SIGTERM', 143),
  signal('SIGHUP', 129),
  signal('SIGINT', 130),
  signal('SIGQUIT', 131),
  signal('SIGXCPU', 152),
  signal('SIGUSR2', 140),
  signal('SIGABRT', 134),
  signal('SIGALRM', 142),
  signal('SIGSEGV', 139, true),
  signal('SIGKILL', 137, true),
  broken('exception', 70),
  broken('rejection', 70),
  broken('exit', 5),
  broken('abort', 134, true),
  broken('memory', 134, true, '--max-old-space-size=64'),
];

const guardSays = /sockbench was killed or has broken off: the terminal is as it was before/;

/** Nobody's default: Ctrl-S is a key, another one ends input. */
const settings = '-ixon eof ^B';

const goes = async (command: Command, { options, go, code, guarded }: Way): Promise<Terminal> => {
  const terminal = await open(command, { settings, ...options, lingers: guarded ?? false });
  await go(terminal);
  if (guarded) {
    await terminal.until(guardSays);
    terminal.goOn();
  }
  expect(await terminal.exited).toBe(code);
  expectAsBefore(terminal);
  return terminal;
};

describe('the terminal is as it was before', () => {
  test.each(ways)('after $name', async way => {
    const terminal = await goes(way.name.startsWith('SIG') ? listening : workbench, way);
    if (way.code < 70) expect(terminal.scrollback().join('\n').trim()).toBe('');
  });

  const killed = ways.find(({ name }) => name === 'SIGKILL')!;

  test.each([
    ['a lesson', lesson],
    ['lines without a screen', lines],
  ])('after SIGKILL of %s', async (_, command) => {
    await goes(command, killed);
  });

  test('after SIGKILL in the middle of a frame and of a title', async () => {
    await goes(workbench, broken('frame', 137, true));
  });
});

describe('the guard', () => {
  test('leaves a terminal alone that the program has given back: killed while it is stopped', async () => {
    const terminal = keep.terminal(
      start({
        command: 'bash',
        program: '--norc',
        args: ['-i'],
        env: { PS1: 'ready> ', NODE: process.execPath },
      }),
    );
    await terminal.until(/ready>\s*$/);
    terminal.type(`"$NODE" bin/sockbench.cjs${key.enter}`);
    await terminal.ready();
    await terminal.until(/Nothing is open yet/);
    terminal.type('\x1a');
    await terminal.until(/Stopped[\s\S]*ready>\s*$/);
    const guard = guardOf(childrenOf(terminal.pid())[0]!.pid);
    terminal.type(`kill -9 %1${key.enter}`);
    await expect.poll(() => isAlive(guard), { timeout: limits.wait }).toBe(false);
    terminal.type(`echo still $((20 + 1))${key.enter}`);
    await terminal.until(/^still 21/m);
    expect(terminal.raw().toString()).not.toMatch(guardSays);
  });

  test('ends with the program, and no Ctrl-C of a terminal in its line mode reaches it', async () => {
    const terminal = await open(lines);
    const guard = guardOf(terminal.pid());
    terminal.type(ctrl('c'));
    await terminal.until(/Ctrl-C again quits/);
    expect(isAlive(guard)).toBe(true);
    terminal.type(ctrl('c'));
    expect(await terminal.exited).toBe(130);
    await expect.poll(() => isAlive(guard), { timeout: limits.wait }).toBe(false);
  });

  test('that was ended itself is missed by nobody', async () => {
    const terminal = await open(workbench);
    process.kill(guardOf(terminal.pid()), 'SIGKILL');
    terminal.type('m');
    await terminal.until(() => !terminal.modes().mouse);
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expectAsBefore(terminal);
  });
});

describe('a crash', () => {
  const reportsIn = (folder: string) =>
    readdirSync(folder).map(name => ({
      path: join(folder, name),
      text: readFileSync(join(folder, name), 'utf8'),
    }));

  test('writes a report that only its owner reads, with no payload, address or argument, and says where', async () => {
    const { env } = breakOff('exception');
    const terminal = keep.terminal(start({ args: ['listen', '127.0.0.1:0'], env }));
    await terminal.ready();
    await terminal.until(/s1 LISTEN/);
    const port = /s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]!;
    terminal.kill('SIGUSR2');
    expect(await terminal.exited).toBe(70);
    const folder = join(terminal.folder, 'state/sockbench/crashes');
    const [report, ...more] = reportsIn(folder);
    expect(more).toEqual([]);
    const { path, text } = report!;
    expect(terminal.scrollback().join('')).toContain(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const part of [
      /^sockbench: \d+\.\d+\.\d+$/m,
      /^Node: v\d+/m,
      /^terminal: 120x36, TERM xterm-256color$/m,
      /^command: listen$/m,
      /^sockets: 1 AF_INET SOCK_STREAM LISTEN$/m,
      /^calls in flight: 1 accept$/m,
      /^entries: \d+, the newest \d+: .*\d+ ended/m,
      /^error: Error$/m,
      /^ {4}at .*break-off\.cjs:\d+:\d+/m,
    ])
      expect(text).toMatch(part);
    for (const secret of ['s3cret', '127.0.0.1', port, terminal.folder]) expect(text).not.toContain(secret);
  });

  test('without a screen is told too, and keeps the ten newest reports', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-crash-'));
    try {
      const crashes = join(folder, 'sockbench/crashes');
      const require = join(projectFolder, 'test/e2e/break-off.cjs');
      const crash = (more: NodeJS.ProcessEnv = {}) =>
        spawnSync(process.execPath, ['bin/sockbench.cjs', 'run', '-e', 's1 = socket'], {
          cwd: projectFolder,
          encoding: 'utf8',
          env: {
            ...process.env,
            XDG_STATE_HOME: folder,
            WAY: 'exception',
            SOON: '1',
            NODE_OPTIONS: `--require ${require}`,
            ...more,
          },
        });
      const { status, stderr } = crash();
      expect(status).toBe(70);
      const [{ path, text } = { path: '', text: '' }] = reportsIn(crashes);
      expect(stderr).toBe(
        `sockbench broke off by a fault of its own (Error: thrown on purpose: s3cret); ${path} says where, without payloads\n`,
      );
      expect(text).toMatch(/^command: run$/m);
      expect(text).not.toContain('s3cret');
      for (let n = 0; n < 12; n++) writeFileSync(join(crashes, `2020-01-${10 + n}.txt`), '');
      crash();
      expect(reportsIn(crashes)).toHaveLength(10);
      rmSync(crashes, { recursive: true });
      writeFileSync(crashes, 'in the way');
      expect(crash()).toMatchObject({
        status: 70,
        stderr: expect.stringContaining('no report could be written (EEXIST)'),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

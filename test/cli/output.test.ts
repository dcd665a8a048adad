import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { streamedFormats } from '../../source/formats/export-formats.ts';
import { headerOf } from '../../source/formats/session/jsonl.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { commandLine } from '../labs/command-line.ts';
import { sessionFile } from '../support/line-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-output-'));
const session = join(folder, 'session.jsonl');
const program = join(projectFolder, 'bin/sockbench.cjs');
const onUnix = process.platform !== 'win32';

beforeAll(async () => {
  ensureBuilt();
  const calls = Array.from({ length: 4_000 }, () => 'c1.getsockname');
  writeFileSync(session, await sessionFile(['c1 = socket AF_INET SOCK_STREAM', ...calls, 'c1.close']));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (args: readonly string[], stdout: 'pipe' | number = 'pipe') =>
  spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', stdout, 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: '' },
  }) as ChildProcessWithoutNullStreams;

const codeOf = async (child: ChildProcessWithoutNullStreams) => (await once(child, 'close'))[0] as number;

/** More than a pipe holds, 64 KiB (pipe(7)), in one line. */
const long = 'x'.repeat(300_000);

describe('what is printed arrives, or the exit status says that it did not', () => {
  test
    .runIf(process.platform === 'linux')
    .each([
      ['--help'],
      ['doctor', '--json'],
      ['run', '-e', 's1 = socket', 's1.getsockname'],
      ['export', session, '--to', 'strace'],
    ])('a full disk: %s', async (...args) => {
    const child = start(args, openSync('/dev/full', 'w'));
    const [err, code] = await Promise.all([text(child.stderr), codeOf(child)]);
    const told = err.split('\n').filter(line => line.includes('cannot be written'));
    expect(told).toEqual(['sockbench: standard output cannot be written: the disk is full (ENOSPC)']);
    expect(code).toBe(4);
  });

  test.runIf(onUnix).each([[['export', session, '--to', 'jsonl']], [['run', '--json', '-']]])(
    'a reader that left: %j',
    async args => {
      const child = start(args);
      child.stdout.once('data', () => child.stdout.destroy());
      child.stdin.on('error', () => {});
      child.stdin.end(`s1 = socket\n${`getservbyname "${long}"\n`.repeat(4)}`);
      const [err, code] = await Promise.all([text(child.stderr), codeOf(child)]);
      expect(code).toBe(141);
      expect(err).not.toContain('cannot be written');
    },
  );

  test('an export into the pipe of a slow reader comes whole, and ends', async () => {
    const child = start(['export', session, '--to', 'jsonl']);
    child.stdin.end();
    const parts: Buffer[] = [];
    const closed = codeOf(child);
    for await (const part of child.stdout) {
      parts.push(part as Buffer);
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    expect(await closed).toBe(0);
    const { out } = await commandLine('export', session, '--to', 'jsonl');
    expect(Buffer.concat(parts).toString()).toBe(out);
    expect(out.length).toBeGreaterThan(300_000);
  });

  test('the last line of run arrives, however long it is', async () => {
    const child = start(['run', '--json', '-']);
    child.stdin.end(`getservbyname "${long}"\n`);
    const [out, , code] = await Promise.all([text(child.stdout), text(child.stderr), codeOf(child)]);
    const kinds = out.trimEnd().split('\n').slice(1);
    const told = kinds.map(line => (JSON.parse(line) as { kind: string }).kind);
    expect(told.slice(-3)).toEqual(['ended', 'verdict', 'summary']);
    expect(code).toBe(1);
  });
});

test("a session's fault is not called the output's", async () => {
  const strace = vi.spyOn(streamedFormats, 'strace').mockImplementation(() => ({
    ok: true,
    header: headerOf(0),
    cut: false,
    entries: 1,
    pieces: (function* () {
      yield 'a line\n';
      throw new Error('its times go back');
    })(),
  }));
  try {
    for (const output of [[], ['-o', join(folder, 'out')]]) {
      const { code, err } = await commandLine('export', session, '--to', 'strace', ...output);
      expect(err).toMatch(/: a fault of sockbench itself, not of the file \(Error: its times go back\)\n$/);
      expect(err).not.toContain('cannot be written');
      expect(code).toBe(2);
    }
  } finally {
    strace.mockRestore();
  }
});

test.runIf(onUnix)('SIGTERM ends run while it waits for its next line', async () => {
  const child = start(['run', '-']);
  child.stdout.on('data', part => {
    if (String(part).includes('= s1')) child.kill('SIGTERM');
  });
  child.stdin.on('error', () => {});
  child.stdin.write('s1 = socket\n');
  expect(await codeOf(child)).toBe(143);
});

test.runIf(onUnix)('SIGUSR1 starts no debugger and ends nothing', async () => {
  const child = start(['run', '-']);
  const err = text(child.stderr);
  let out = '';
  const { promise: first, resolve: printedFirst } = Promise.withResolvers<void>();
  const { promise: second, resolve: printedSecond } = Promise.withResolvers<void>();
  child.stdout.on('data', part => {
    out += String(part);
    if (out.includes('= s1')) printedFirst();
    if (out.includes('= s2')) printedSecond();
  });
  child.stdin.write('s1 = socket\n');
  await first;
  child.kill('SIGUSR1');
  child.stdin.write('s2 = socket\n');
  await second;
  if (process.platform === 'linux') {
    const own = readFileSync(`/proc/${child.pid}/net/tcp`, 'utf8');
    // 9229, where Node's debugger listens.
    expect(own).not.toMatch(/0100007F:240D \S+ 0A/);
  }
  child.stdin.end();
  expect(await codeOf(child)).toBe(0);
  expect(await err).not.toMatch(/debugger/i);
});

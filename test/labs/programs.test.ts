import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { createLabSession } from '../../source/labs/lab-session.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { commandLine } from './command-line.ts';
import { labOf, localPort, openBench, type Run, realBench, run } from './running.ts';

const lack = (await lacks('linux')) ?? (await lacks('python'));

const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map(line => `      ${line}\n`)
    .join('');

type Part = readonly [python: string, lines: string];

const labText = (...stages: readonly Part[]): string =>
  `lab: test\ntitle: A test\nlet: { port: free }\nneeds: python\nstages:\n${stages
    .map(([python, lines]) => `  - python: |\n${indented(python)}    do: |\n${indented(lines)}`)
    .join('')}`;

const runPrograms = async (...stages: readonly Part[]): Promise<Run> => run(await labOf(labText(...stages)));

const failures = ({ report }: Run): string[] => report.lines.map(({ reason }) => reason).filter(Boolean);

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const isGone = (pid: number): Promise<unknown> =>
  expect.poll(() => isThere(pid), { timeout: 60_000 }).toBe(false);

/** The pids of processes that a session tells of. */
const pidsIn = ({ bench }: Run): number[] => [...bench.state().processes.values()].map(({ pid }) => pid);

const printed = ({ bench }: Run): string =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'output' ? [Buffer.from(entry.data).toString()] : []))
    .join('');

const folder = mkdtempSync(join(tmpdir(), 'sockbench-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, ...stages: readonly Part[]): string => {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, labText(...stages));
  return file;
};

const waits = 'import time\nprint("here")\ntime.sleep(1000)';

describe.skipIf(lack !== null)(`a program that a lab starts${lack === null ? '' : ` (${lack})`}`, () => {
  it('is seen in its call, is heard, and ends with the status that is expected', async () => {
    const server = `
import socket
s = socket.create_server(("127.0.0.1", $port))
a, _ = s.accept()
print("got", a.recv(100), "for $5")
raise SystemExit(3)`;
    const lines = `
expect p1.accept blocked for 200ms
c1 = socket AF_INET SOCK_STREAM
c1.connect 127.0.0.1:$port => ok
expect p1.recv blocked
c1.send "hello" => 5
expect p1 prints "got b'hello' for $5"
expect p1.exit == 3
expect p1.exit 1..4`;
    const { report } = await runPrograms([server, lines]);
    expect(report).toMatchObject({ messages: [], passed: 7, failed: 0, skipped: 0 });
  });

  it('says what was there instead', async () => {
    const lines = `
expect p1 prints "here"
expect p1 prints "there" within 100ms
expect p1.exit == 0 within 100ms
expect p1.accept blocked within 100ms`;
    expect(failures(await runPrograms([waits, lines]))).toEqual([
      'p1 printed "here\\n"',
      'p1 is still running',
      'p1.accept is not in flight',
    ]);
  });

  it('fails its line where it ends with an error that no line expects', async () => {
    const bench = realBench();
    const session = await createLabSession({
      lab: await labOf(labText(['print("so far")\nraise ValueError("bad")', 'expect p1 prints "so far"'])),
      bench,
      signal: new AbortController().signal,
      judgeTimes: true,
      freePort: localPort,
      readFile: () => Promise.reject(new Error('no files here')),
    });
    while (session.position()) expect((await session.step())?.verdict.status).not.toBe('failed');
    const ended = () => {
      bench.flush();
      return bench.state().processes.get('p1')?.ended;
    };
    await expect.poll(ended, { timeout: 60_000 }).toMatchObject({ code: 1 });
    const [left, ...others] = await session.leftOver();
    expect(others).toEqual([]);
    const { reason = '' } = left?.verdict ?? {};
    expect(reason).toMatch(/^p1 ended with exit status 1 and printed as errors ".*ValueError: bad\\n" /);
    expect(reason).toContain('write expect p1.exit == 1');
  });

  it('is named by its place in the file, whatever is found besides', async () => {
    const forks = 'import os, time\nif os.fork(): print("parent")\ntime.sleep(1000)';
    const ran = await runPrograms(
      [forks, 'expect p1 prints "parent"'],
      ['print("second")', 'expect p2 prints "second"\nexpect p2.exit == 0'],
    );
    expect(failures(ran)).toEqual([]);
    const { processes } = ran.bench.state();
    expect(processes.get('p2')?.args.at(-1)).toContain('second');
  });

  it('is ended with the bench, whether it wants to or not, and what it has forked', async () => {
    const stubborn = `
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child: print(f"child {child}.")
time.sleep(1000)`;
    const ran = await runPrograms([stubborn, 'expect p1 prints "child "']);
    expect(failures(ran)).toEqual([]);
    const child = Number(/child (\d+)\./.exec(printed(ran))?.[1]);
    for (const pid of [...pidsIn(ran), child]) await isGone(pid);
    expect(ran.bench.state().processes.get('p1')?.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('starts once in a stage that is repeated', async () => {
    const text = labText(['print("once")', 'expect p1 prints "once"']).replace(
      '  - python',
      '  - repeat: 3\n    python',
    );
    const ran = await run(await labOf(text));
    expect(failures(ran)).toEqual([]);
    expect(printed(ran)).toBe('once\n');
  });

  it('is recorded, and stands in a replay beside the bench', async () => {
    const bench = openBench();
    const lines = [encodeHeader(headerOf(bench.began, 'test'))];
    bench.record({
      take: entries => lines.push(...entries.map(encodeEntry)),
      hasRoom: () => true,
      onRoom: () => {},
    });
    const text = labText(['print("hello")', 'expect p1.exit == 0\nc1 = socket => ok']);
    const { report } = await run(await labOf(text), { bench });
    await bench.dispose();
    expect(report.messages).toEqual([]);
    const read = readSession(new TextEncoder().encode(`${lines.join('\n')}\n`), 'test');
    if (!read.ok) throw new Error(read.message);
    const { header, entries } = read.session;
    const replay = createReplay({
      entries,
      began: bench.began,
      start: header.start ?? bench.start,
      cut: false,
    });
    expect(replay.source.shows).toBe('programs');
    expect(replay.source.state().processes.get('p1')).toMatchObject({
      origin: 'started',
      ended: { code: 0 },
    });
  });
});

describe.skipIf(lack !== null)("a stranger's lab", () => {
  it('starts none unasked', async () => {
    const file = fileOf('stranger', ['print("mine now")', 'expect p1.exit == 0']);
    const refused = await commandLine('run', file);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /FAILED p1 = python\n {2}p1 = python would start a program, which may do all that you may; .*--allow-run/,
    );
    expect(refused.out).not.toContain('mine now');
    expect(await commandLine('run', '--allow-run', file)).toMatchObject({ code: 0 });
  });

  it('leaves none behind that is killed by SIGKILL', async () => {
    ensureBuilt();
    const file = fileOf('killed', [waits, 'expect p1 prints "here"\nsleep 60s']);
    const bench = spawn(process.execPath, ['bin/sockbench.cjs', 'run', '--allow-run', file], {
      cwd: projectFolder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    bench.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    await expect.poll(() => out, { timeout: 120_000 }).toMatch(/p1 \S+ \d+ out "here\\n"/);
    const pid = Number(/p1 started: \S+, pid (\d+)/.exec(out)?.[1]);
    expect(isThere(pid)).toBe(true);
    bench.kill('SIGKILL');
    await isGone(pid);
  });
});

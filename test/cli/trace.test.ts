import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { readSessionFile } from '../../source/cli/sessions/session-file.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { familyOf, startProgram } from '../traces/programs.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const fits = needs.every(lack => lack === null) && checkStrace().ok;

const program = join(projectFolder, 'bin/sockbench.cjs');
const knots = join(projectFolder, 'test/traces/knots.py');
const programs = join(projectFolder, 'test/cli/trace-programs.py');
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

type Running = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly printed: (what: RegExp) => Promise<RegExpMatchArray>;
  readonly told: (what: RegExp) => Promise<RegExpMatchArray>;
  readonly ended: Promise<number | string | null>;
};

const start = (command: string, args: readonly string[]): Running => {
  const env = { ...process.env, NODE_COMPILE_CACHE: '' };
  const child = spawn(command, args, { env, stdio: 'pipe' });
  const texts = { out: '', err: '' };
  const waiting = new Set<() => void>();
  let over = false;
  const changed = () => {
    for (const check of waiting) check();
  };
  const until = (key: 'out' | 'err', what: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const check = () => {
        const match = texts[key].match(what);
        if (!match && !over) return;
        waiting.delete(check);
        if (match) resolve(match);
        else reject(new Error(`it ended without ${what}:\n${texts.out}\n${texts.err}`));
      };
      waiting.add(check);
      check();
    });
  child.stdout.setEncoding('utf8').on('data', text => {
    texts.out += text;
    changed();
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    texts.err += text;
    changed();
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<number | string | null>(resolve => {
    child.once('close', (code, signal) => {
      over = true;
      changed();
      resolve(code ?? signal);
    });
  });
  return {
    child,
    out: () => texts.out,
    err: () => texts.err,
    printed: what => until('out', what),
    told: what => until('err', what),
    ended,
  };
};

const trace = (...args: readonly string[]): Running =>
  start(process.execPath, [program, 'trace', '--no-screen', ...args]);

const traced = (kind: string, ...flags: readonly string[]): Running =>
  trace(...flags, '--', python, programs, kind);

describe.runIf(fits)('sockbench trace --no-screen', () => {
  beforeAll(ensureBuilt);

  test.each([
    ['exit 7', 7],
    ['exit 0', 0],
    ['kill -9 $$', 137],
    ['kill -SEGV $$', 139],
  ])('sh -c "%s" passes its status on: %i', async (script, status) => {
    expect(await trace('--', 'sh', '-c', script).ended).toBe(status);
  });

  /** The lines of calls that were told in flight first, and of their ends, as those of calls that were told once. */
  const wholeCalls = (text: string): string => {
    const begun = new Map<string, string>();
    return text
      .split('\n')
      .map(row => {
        const [, call, arguments_ = ''] = / (p[\d.]+\w*\.\w+)( .*)? <unfinished \.\.\.>/.exec(row) ?? [];
        if (call) begun.set(call, arguments_);
        return row.replace(
          /<\.\.\. (\S+) resumed>/,
          (_, ended: string) => `${ended}${begun.get(ended) ?? ''}`,
        );
      })
      .join('\n');
  };

  test('Unix sockets by their names, a pair with both its holders, and a descriptor that is handed over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-unix-'));
    try {
      const run = trace('--', python, programs, 'unix', folder);
      expect(await run.ended).toBe(0);
      expect(run.out()).toBe('over\n');
      for (const line of [
        `p1.3.bind unix:${folder}/a.sock = ok`,
        `p1.4.connect unix:${folder}/a.sock = ok`,
        'p1.3.accept = p1.5 from unix:""',
        'p1.4.send "by path" = 7',
        'p1.5.recv 100 = "by path"',
        'p1.6 is a Unix stream socket, ESTAB unix:"" - unix:""',
        'p1.7 is a Unix stream socket, ESTAB unix:"" - unix:"", held by p1 as fd 7, p2 as fd 7',
        'p1.8.bind unix:@sockbench-',
        'p1.6.send "take it" = 7',
        'p2  p1.9.send "from the child" = 14',
      ])
        expect(wholeCalls(run.err())).toContain(line);
      // Of a call in flight strace has not printed the size yet.
      expect(wholeCalls(run.err())).toMatch(/p2 {2}p1\.7\.recv (?:100|0) = "take it"/);
      expect(run.err()).toMatch(/p1\.9 is a TCP socket, .*held by p1 as fd \d+, p2 as fd \d+/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('of several the first one that failed', async () => {
    expect(await trace('--', 'true', '--', 'sh', '-c', 'exit 4', '--', 'sh', '-c', 'exit 5').ended).toBe(4);
  });

  test.each([
    ['nobody', [], /whom\?/],
    ['a program that is not there', ['--', 'no-such-program-here'], /no program of this name is on the PATH/],
    ['a path that leads to none', ['--', './nothing'], /there is no such program/],
    ['a number that no process has', ['-p', '4194303'], /there is no process of that number/],
    ['both', ['-p', '1', '--', 'true'], /exclude each other/],
    ['a time that is none', ['--timeout', 'soon', '--', 'true'], /--timeout: "soon" is no time/],
  ])('%s: one sentence, exit 2', async (_, args, message) => {
    const running = trace(...args);
    expect(await running.ended).toBe(2);
    expect(running.err()).toMatch(message);
    expect(running.err().trim().split('\n')).toHaveLength(1);
    expect(running.out()).toBe('');
  });

  test('a program sees descriptors, signals, children and streams as without', async () => {
    const plain = start(python, [programs, 'facts']);
    plain.child.stdin!.end('line\n');
    await plain.ended;
    const running = traced('facts');
    running.child.stdin!.end('line\n');
    await running.ended;
    const known = (text: string) => text.replace(/pipe:\[\d+\]|socket:\[\d+\]/g, 'pipe');
    expect(known(running.out()).replace(/(?:True|False)\n$/, '')).toBe(
      known(plain.out()).replace(/(?:True|False)\n$/, ''),
    );
    expect(running.out()).toMatch(/True\n$/);
  });

  test('one that closes all descriptors goes on', async () => {
    const running = traced('closes');
    expect(await running.ended).toBe(0);
    expect(running.out()).toBe("b'still'\n");
    expect(running.err()).toMatch(/p1\.\d+\.recv (?:10|resumed>) = "still"/);
  });

  test('every byte value', async () => {
    const running = traced('all_bytes');
    expect(await running.ended).toBe(0);
    expect(running.err()).toMatch(/p1\.\d+\.send "\\0\\x01\\x02/);
    expect(running.err()).toMatch(/p1\.\d+\.send (?:"\\0.*|resumed>) = 256 </);
    expect(running.err()).toMatch(/p1\.\d+\.recv (?:1000|resumed>) = "\\xff\\xfe\\xfd/);
  });

  test('a child has the sockets of its parent, and names of its own', async () => {
    const running = traced('forks');
    expect(await running.ended).toBe(0);
    expect(running.err()).toMatch(/p2 forked by p1: /);
    expect(running.err()).toMatch(/p1\.3 is a TCP socket, LISTEN .*held by p1 as fd 3, p2 as fd 3/);
    expect(running.err()).toMatch(/p2 {2}p2\.4\.send "from the child"/);
    expect(running.err()).toMatch(/p2 {2}.*p2\.4\.send (?:"from the child"|resumed>) = 14/);
    expect(running.err()).toMatch(/p1 {2}.*p1\.4\.recv (?:100|resumed).*"from the child"/);
    expect(running.err()).toMatch(/p2 ended with exit status 0/);
  });

  // Each lasts as long as its timeout: side by side.
  test.concurrent.each(['both-recv', 'both-send', 'ring'])(
    '%s: the deadlock is told, and the status at the timeout is 3',
    async kind => {
      const running = trace('--timeout', '12s', '--', python, knots, kind);
      await running.told(/! DEADLOCK: /);
      expect(await running.ended).toBe(3);
      expect(running.err()).toMatch(/What would end it/);
    },
  );

  test.concurrent('one that only sleeps is no deadlock: 124, and why', async () => {
    const sleeps = /thread \d+ in pselect6: waits until one of fd 0/;
    const told: string[] = [];
    // On a busy machine Python may be starting still when so little time is over.
    for (const timeout of ['3s', '20s', '60s']) {
      const running = traced('waits', '--timeout', timeout);
      expect(await running.ended).toBe(124);
      told.push(running.err());
      if (sleeps.test(running.err())) break;
    }
    expect(told.at(-1)).toMatch(sleeps);
    expect(told.join('\n')).not.toMatch(/DEADLOCK/);
  });

  test.concurrent('a deadlock of others, whom it does not wait for, is none of its: 124', async () => {
    // Both have standard streams from this process, whose sockets so lead from the one to the others.
    const others = startProgram('python3', [knots, 'both-recv']);
    try {
      await others.printed(/(?:process \d+\s+){2}/);
      const running = traced('waits', '--timeout', '6s');
      await running.printed(/waits/);
      expect(await running.ended).toBe(124);
      expect(running.err()).not.toMatch(/DEADLOCK/);
    } finally {
      await others.stop();
    }
  });

  test.each([
    ['SIGTERM', 5],
    ['SIGINT', 6],
  ] as const)('%s reaches the program, which ends as it likes', async (signal, status) => {
    const running = traced('term');
    await running.printed(/ready/);
    running.child.kill(signal);
    expect(await running.ended).toBe(status);
  });

  test('STOP and CONT within a poll: one call', async () => {
    const running = traced('stopped');
    const [, pid] = await running.printed(/stopped (\d+)/);
    await running.told(/poll .* <unfinished/);
    process.kill(Number(pid), 'SIGSTOP');
    await running.told(/stopped by SIGSTOP/);
    process.kill(Number(pid), 'SIGCONT');
    expect(await running.ended).toBe(0);
    expect(running.out()).toMatch(/timed out/);
    expect(running.err().match(/p1\.poll .*<unfinished/g)).toHaveLength(1);
    const [, began] = running.err().match(/^([\d.]+) .*p1\.poll .*<unfinished/m)!;
    const over = /^([\d.]+) .*<\.\.\. p1\.poll resumed> = ok \(none is ready\) <([\d.]+)>/m;
    const [, ended, took] = running.err().match(over)!;
    // Since it began, and not since it was let go on.
    expect(Number(took)).toBeCloseTo(Number(ended) - Number(began), 4);
  });

  test('processes that run are traced, and left as they were', async () => {
    const plain = start(python, [programs, 'waits']);
    const [, pid] = await plain.printed(/waits (\d+)/);
    const running = trace('-p', pid!);
    await running.told(/p1\.poll .*unfinished/);
    const second = trace('-p', pid!);
    expect(await second.ended).toBe(2);
    expect(second.err()).toMatch(/is traced already, by process \d+/);
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(130);
    plain.child.stdin!.write('x\n');
    expect(await plain.ended).toBe(0);
    expect(plain.out()).toMatch(/goes on/);
  });

  test('lines to a file, as a session, and recorded: what is written is read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
    try {
      const [said, recorded] = [join(folder, 'said.jsonl'), join(folder, 'recorded.jsonl')];
      const running = traced('all_bytes', '--json', '-o', said, '--record', recorded);
      expect(await running.ended).toBe(0);
      expect(running.err()).toBe('');
      for (const file of [said, recorded]) {
        const read = await readSessionFile(file);
        if (!read.ok) throw new Error(read.message);
        const { entries } = read.session;
        const calls = entries.filter(entry => entry.kind === 'ended');
        const received = calls.find(({ call }) => call.name === 'recv');
        expect(received?.outcome).toMatchObject({
          data: Uint8Array.from({ length: 256 }, (_, byte) => byte),
        });
        expect(entries.map(({ t }) => t)).toEqual(entries.map(({ t }) => t).sort((a, b) => a - b));
      }
      expect(await trace('-o', said, '--', 'true').ended).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('two receives that no look can tell apart: of each it is said whom it waits for', async () => {
    const running = traced('alike');
    const [, port] = await running.printed(/port (\d+)/);
    const client = connect(Number(port), '127.0.0.1');
    const waits = /p1\.4\.recv waits for \S.* to send/;
    await running.told(waits);
    client.write('once');
    await running.told(new RegExp(`${waits.source}[^]*"once"[^]*${waits.source}`));
    client.end('more');
    expect(await running.ended).toBe(0);
  });

  test('a server, exported to Python: the calls that its source has, and they can be made again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-trace-'));
    try {
      const recorded = join(folder, 'server.jsonl');
      const running = traced('server', '--record', recorded);
      const [, port] = await running.printed(/port (\d+)/);
      await running.told(/p1\.3\.accept/);
      const client = connect(Number(port), '127.0.0.1');
      await once(client.resume(), 'close');
      expect(await running.ended).toBe(0);
      const code = join(folder, 'server.py');
      execFileSync(process.execPath, [program, 'export', recorded, '--to', 'python', '-o', code]);
      const text = readFileSync(code, 'utf8');
      const made = [...text.matchAll(/^ {8}(?:.* = )?(\w+\.\w+)\(/gm)].map(([, call]) => call);
      expect(made.slice(0, 9)).toEqual([
        'socket.socket',
        'p1_3.setsockopt',
        'p1_3.bind',
        'p1_3.getsockname',
        'p1_3.listen',
        'p1_3.accept',
        'p1_4.getsockname',
        'p1_4.getpeername',
        'p1_4.close',
      ]);
      expect(text).toContain('p1_4, c.value = p1_3.accept()');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(['sockbench', 'strace'])('%s killed: the program goes on, and sees no error', async whom => {
    const running = traced('waits');
    const [, pid] = await running.printed(/waits (\d+)/);
    await running.told(/p1\.poll .*unfinished/);
    const tracer = /^TracerPid:\s*(\d+)/m.exec(
      execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' }),
    )![1]!;
    process.kill(whom === 'strace' ? Number(tracer) : running.child.pid!, 'SIGKILL');
    if (whom === 'strace') {
      running.child.stdin!.write('x\n');
      expect(await running.ended).toBe(0);
    } else {
      // Its end of standard input is this test's still.
      running.child.stdin!.write('x\n');
      await running.printed(/goes on/);
    }
    expect(running.out()).toMatch(/goes on/);
    // What strace itself says of a pipe that nobody reads any more, where SIGPIPE was blocked just then, is no error of the program's.
    const said = running.err().replace(/^strace: \S+: Broken pipe\n/gm, '');
    expect(said).not.toMatch(/Traceback|BrokenPipe|strace:/);
    expect(familyOf(Number(pid))).toEqual([Number(pid)]);
  });
});

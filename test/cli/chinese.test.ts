import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { ensureBuilt, projectFolder, start } from '../e2e/terminal.ts';
import { limits } from '../support/limits.ts';
import { startProgram } from '../traces/programs.ts';

/* What the program says without a screen under a Chinese locale: each sentence in Chinese, what programs read in English. */

const program = join(projectFolder, 'bin/sockbench.cjs');
const knots = join(projectFolder, 'test/traces/knots.py');

type Ended = { readonly code: number; readonly out: string; readonly err: string };

const inChinese = (...args: readonly string[]): Promise<Ended> =>
  new Promise(resolve => {
    const env = { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8', NODE_COMPILE_CACHE: '' };
    execFile(process.execPath, [program, ...args], { env, cwd: tmpdir() }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });

/** What stays as it is in any language: what is typed, calls as the log writes them, and what the kernel and CPython say. */
const asItIs: readonly RegExp[] = [
  /"[^"]*"/g,
  /sockbench(?: --?[a-z-]+| [a-z]+)+/g,
  /(?:en, zh|python, lab, pcapng, strace, jsonl, bytes|listen, connect, relay, .*)/g,
  /--to (?:bytes|pcapng)/g,
  /(?:head|mount|apt-get|sudo) [-\w/ ]+/g,
  /(?:Connection refused|Transport endpoint is not connected|Resource temporarily unavailable)/g,
  /^#\d+ .*$/gm,
];

/** Two words of English, one behind the other. */
const english = /[A-Za-z]*[a-z]{2}[,:;]? [a-z]{2,}[ \w,:;]*/g;

const englishIn = (text: string): readonly string[] =>
  asItIs.reduce((rest, each) => rest.replace(each, '…'), text).match(english) ?? [];

const chinese = /[\u4e00-\u9fff]/;

beforeAll(ensureBuilt);

describe('under a Chinese locale', () => {
  const commands = [
    'listen connect relay lab replay run labs export keys doctor pipe watch why trace',
  ].flatMap(names => names.split(' '));

  test('the help names these commands', async () => {
    const { out } = await inChinese('--help');
    const named = [...out.slice(out.indexOf('命令：')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    expect(named).toEqual(commands);
    expect(englishIn(out)).toEqual([]);
  });

  test.each(commands)('the help of %s holds no English', async command => {
    const { code, out } = await inChinese(command, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^用法: /);
    expect(out).toMatch(/^ {2}-h, --help +显示命令的帮助$/m);
    expect(englishIn(out)).toEqual([]);
  });

  test.each([
    ['an unknown command', ['lisen'], 2],
    ['an unknown flag', ['--asci'], 2],
    ['a flag without its value', ['labs', '--lang'], 2],
    ['no language', ['--lang', 'fr'], 2],
    ['nothing to connect to', ['connect'], 2],
    ['a file that is missing', ['replay'], 2],
    ['a format that is missing', ['export', 'x'], 2],
    ['too much', ['replay', 'x', 'y'], 2],
    ['a relay without a target', ['relay', '9000'], 2],
    ['no terminal', [], 2],
    ['a number that no process has', ['why', '4194303'], 2],
    ['a lab that is none', ['run', 'no-such-lab'], 2],
    ['a session that is none', ['export', '--to', 'strace', knots], 2],
    ['a line that is none', ['run', '-e', 'c1.resv 3'], 2],
    ['a port that is none', ['listen', '99999'], 2],
    ['a relay onto itself', ['relay', '9000', 'localhost', '9000'], 2],
    ['a pipe that nobody answers', ['pipe', '--quiet', '127.0.0.1:1'], 1],
    ['a trace of nobody', ['trace', '--no-screen', '--', './no-such-program'], 2],
  ])('%s is refused in Chinese', async (_, args, code) => {
    const answer = await inChinese(...args);
    expect({ ...answer, err: englishIn(answer.err) }).toEqual({ code, out: '', err: [] });
    expect(answer.err).toMatch(chinese);
  });

  test('doctor and the course are told in Chinese, in columns', async () => {
    for (const command of ['doctor', 'labs']) {
      const { out } = await inChinese(command);
      expect(englishIn(out)).toEqual([]);
      expect(out).toMatch(chinese);
    }
    expect((await inChinese('labs')).out).toContain('  容易     5 分  ');
  });

  test('a line that fails says why', async () => {
    const { code, out, err } = await inChinese('run', '-e', 'c1 = socket', 'c1.recv 3 => "x"');
    expect(code).toBe(1);
    expect(englishIn(out + err)).toEqual([]);
    expect(out).toContain('1 个失败');
    expect(err).toMatch(/^失败 c1\.recv 3/m);
    expect(err).toContain('期望 "x"，得到 ENOTCONN');
  });

  test('a lesson says in Chinese what is foretold, what came, and the score', async () => {
    const terminal = start({ args: ['--lang', 'zh', 'lab', 'deadlock-read'], cols: 120, rows: 40 });
    try {
      await terminal.until(/下一步 +s1 = socket/);
      terminal.type(' ');
      await terminal.until(/Space 继续第 2 阶段，共 6 个/);
      terminal.type(' ');
      await terminal.until(/预测：o 会返回，b 会阻塞，f 会失败/);
      terminal.type('b');
      await terminal.until(/你说：会阻塞。正是如此。/);
      for (const stage of [3, 4, 5, 6]) {
        await terminal.until(RegExp(`Space 继续第 ${stage} 阶段`));
        terminal.type('\r');
        await terminal.until(RegExp(`实验 deadlock-read ${stage}/6`));
        terminal.type('\r');
      }
      await terminal.until(/你的一次预测对了。/);
    } finally {
      await terminal.dispose();
    }
  });

  test('what programs read is English', async () => {
    const lines = await inChinese('run', '--json', '-e', 'c1 = socket', 'c1.recv 3 => "x"');
    expect(lines.out + lines.err).not.toMatch(chinese);
    expect(lines.out).toContain('"reason":"expected \\"x\\", found ENOTCONN');
    expect((await inChinese('doctor', '--json')).out).not.toMatch(chinese);
    expect((await inChinese('keys', '--json')).out).not.toMatch(chinese);
  });

  test('what is read by programs is told by its flag, not by the words of another program', async () => {
    const { err } = await inChinese('trace', '--no-screen', '--', './no-such-program', '--json');
    expect(err).toMatch(chinese);
  });
});

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];

describe.runIf(needs.every(lack => lack === null))('why, under a Chinese locale', () => {
  test('a deadlock is told in Chinese, and what would end it', async () => {
    const running = startProgram('python3', [knots, 'both-recv']);
    try {
      await running.printed(/(?:process \d+\s+){2}/);
      const late = performance.now() + limits.wait;
      let answer = await inChinese('why', String(running.pid));
      while (answer.code !== 3 && performance.now() < late)
        answer = await inChinese('why', String(running.pid));
      expect(answer.out).toContain('DEADLOCK：');
      expect(answer.out).toContain('可以这样结束：');
      expect(answer.out).toMatch(/等待 .+ 发送/);
      expect(englishIn(answer.out.replaceAll(/python3 \S+knots\.py both-recv/g, '…'))).toEqual([]);
    } finally {
      await running.stop();
    }
  });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { limits } from '../support/limits.ts';
import { startProgram } from '../traces/programs.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const program = join(projectFolder, 'bin/sockbench.cjs');
const knots = join(projectFolder, 'test/traces/knots.py');

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** As another user where a uid is given. */
const why = (args: readonly string[], uid?: number): Promise<Ended> =>
  new Promise(resolve => {
    const env = { ...process.env, NODE_COMPILE_CACHE: '' };
    execFile(
      process.execPath,
      [program, 'why', ...args],
      { env, cwd: '/', ...(uid ? { uid, gid: uid } : {}) },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });

const nobody = 65_534;

/** Programs come to rest in their own time: asked until the answer is this one, or the last one that was had in the time for it. */
const asked = async (ask: () => Promise<Ended>, isIt: (answer: Ended) => boolean): Promise<Ended> => {
  const late = performance.now() + limits.wait;
  for (;;) {
    const answer = await ask();
    if (isIt(answer) || performance.now() > late) return answer;
  }
};

describe.runIf(needs.every(lack => lack === null))('sockbench why', () => {
  beforeAll(ensureBuilt);

  test.each([
    ['a number that no process has', ['4194303'], /4194303: there is no process of that number/],
    ['the same by -p', ['-p', '4194303'], /4194303: there is no process of that number/],
    ['a name that no process has', ['no-such-program'], /no-such-program: no process has this name/],
    ['a port that is none', [':99999'], /:99999 is no port/],
  ])('%s: one sentence, exit 2', async (_, args, message) => {
    const { code, out, err } = await why(args);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('a port that nobody holds', async () => {
    const port = await freePort('127.0.0.1');
    expect(await why([`:${port}`])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(`:${port}: no socket of this machine has this local port`),
    });
  });

  test('a deadlock as JSON: exit 3, and nothing that a terminal obeys', async () => {
    const odd = '\u001b[31mred\u202e';
    const running = startProgram('python3', [knots, 'both-recv', odd]);
    try {
      await running.printed(/(?:process \d+\s+){2}/);
      const ask = () => why(['--json', String(running.pid)]);
      const answer = await asked(ask, ({ code }) => code === 3);
      const told = JSON.parse(answer.out);
      expect(told).toMatchObject({ why: 1, verdict: 'deadlock', leftovers: [] });
      expect(told.looks).toBeGreaterThanOrEqual(2);
      expect(told.knots[0].threads).toHaveLength(2);
      expect(told.processes[0].argv.at(-1)).toBe(odd);
      expect(told.sockets).toHaveLength(2);
      const text = await why([String(running.pid)]);
      expect(answer.out + text.out).not.toMatch(/[\u001b\u202e]/);
      expect(text.out).toContain('\\x1b[31mred\\u{202e}');
    } finally {
      await running.stop();
    }
  });

  test.runIf(process.getuid?.() === 0)("another user's process, and another user's end", async () => {
    const running = startProgram('python3', [knots, 'half-hidden']);
    try {
      const [, port] = await running.printed(/port (\d+)/);
      const [, pid] = await running.printed(/nobody (\d+)/);
      const own = await why([String(running.pid)], nobody);
      expect(own.err).toMatch(
        /runs as uid 0, and the kernel does not let you look into it: sudo sockbench why/,
      );
      expect(own.code).toBe(2);
      const held = await why([`:${port}`], nobody);
      expect(held.err).toMatch(/another user's process: sudo sockbench why :/);
      const seen = await asked(
        () => why([pid!], nobody),
        ({ out }) => out.includes('recvfrom'),
      );
      expect(seen.out).toMatch(/waits for .* to send, held by no process that you may look at/);
      expect(seen.code).toBe(0);
    } finally {
      await running.stop();
    }
  });
});

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { limits } from '../support/limits.ts';
import { startProgram } from '../traces/programs.ts';

const needs = [await lacks('linux'), await lacks('python')];
const knots = join(projectFolder, 'test/traces/knots.py');
const files = ['bin/sockbench.cjs', 'bin/load.cjs', 'dist/sockbench.js', 'dist/why.cjs', 'package.json'];

/** A copy of what a plain why needs, in a place without any package. */
const placeWithoutKoffi = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-alone-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const part of ['bin', 'dist']) mkdirSync(join(folder, part));
  for (const file of files) copyFileSync(join(projectFolder, file), join(folder, file));
  return folder;
};

type Ended = { readonly code: number; readonly out: string; readonly err: string };

const why = (folder: string, pid: number): Promise<Ended> =>
  new Promise(resolve => {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') };
    const args = [join(folder, 'bin/sockbench.cjs'), 'why', String(pid)];
    execFile(process.execPath, args, { env, cwd: '/' }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });

describe.runIf(needs.every(lack => lack === null))('sockbench why in a place without koffi', () => {
  beforeAll(ensureBuilt);

  test('two that wait for each other: that timeouts could not be asked is said, and nothing is certain', async () => {
    const folder = placeWithoutKoffi();
    const running = startProgram('python3', [knots, 'both-recv']);
    try {
      await running.printed(/(?:process \d+\s+){2}/);
      const late = performance.now() + limits.wait;
      let seen = await why(folder, running.pid);
      while (!seen.out.includes('They wait for each other') && performance.now() < late)
        seen = await why(folder, running.pid);
      expect(seen.out).toContain('They wait for each other');
      expect(seen.out).toMatch(/may have SO_RCVTIMEO or SO_SNDTIMEO set, which could not be asked here/);
      expect(seen.out).not.toContain('DEADLOCK');
      expect({ code: seen.code, err: seen.err }).toEqual({ code: 0, err: '' });
    } finally {
      await running.stop();
    }
  });
});

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../../scripts/bundle.ts';
import { projectFolder, type StartOptions, start } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';

let folder = '';

/** Milliseconds from the start of the shell that starts the program to the first sign of its screen. */
const contender = (name: string, options: () => StartOptions, sign: RegExp): Contender => ({
  name,
  run: async () => {
    const began = performance.now();
    const terminal = start(options());
    try {
      await terminal.until(sign, 30_000);
      return performance.now() - began;
    } finally {
      terminal.kill('SIGTERM');
      await terminal.exited;
      await terminal.dispose();
    }
  },
});

/** Both are one bundled file each, started by the same launcher, so with the same cache of compiled code. */
export const firstFrame: BenchCase = {
  name: 'first-frame',
  what: 'first frame after start, in a pty of 120x36',
  unit: 'ms',
  better: 'less',
  rounds: 15,
  size: 1,
  tinySize: 1,
  contenders: [
    contender('sockbench', () => ({}), /Nothing is open yet/),
    contender('bare Ink app', () => ({ program: join(folder, 'bin/sockbench.cjs') }), /bare ink/),
  ],
  aims: [{ of: 'sockbench', beside: 'bare Ink app', ratio: 1.3 }],
  before: async () => {
    mkdirSync(join(projectFolder, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bare-ink-'));
    await bundle({
      entry: 'test/bench/first-frame/bare-ink.tsx',
      outfile: join(folder, 'dist/sockbench.js'),
    });
    cpSync(join(projectFolder, 'bin'), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  },
  after: async () => rmSync(folder, { recursive: true, force: true }),
};

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../../scripts/bundle.ts';
import { ensureBuilt, projectFolder, type StartOptions, start } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';

const app = 'test/bench/first-frame/bare-ink.tsx';

let folder = '';

/** Milliseconds from the start of the shell that starts the program to the first sign of its screen. */
const firstFrameOf = async (options: StartOptions, sign: RegExp): Promise<number> => {
  const began = performance.now();
  const terminal = start(options);
  try {
    await terminal.untilRaw(sign);
    return performance.now() - began;
  } finally {
    await terminal.ready();
    terminal.type('q');
    await terminal.exited;
    await terminal.dispose();
  }
};

const contender = (name: string, options: () => StartOptions, sign: RegExp): Contender => ({
  name,
  run: () => firstFrameOf(options(), sign),
});

const contenders = [
  contender('sockbench', () => ({}), /Nothing is open yet/),
  contender('bare Ink app', () => ({ program: join(folder, 'bare.mjs') }), /bare ink/),
  contender(
    'bare Ink app, our bundle and launcher',
    () => ({ program: join(folder, 'bin/sockbench.cjs') }),
    /bare ink/,
  ),
];

/** As anyone would bundle an Ink program: what it needs to run, and React as it is in production. */
const bundlePlainly = (outfile: string) =>
  build({
    absWorkingDir: projectFolder,
    entryPoints: [app],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify: true,
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': './scripts/no-devtools.ts' },
    logLevel: 'error',
  });

export const firstFrame: BenchCase = {
  name: 'first-frame',
  what: 'first frame after start, in a pty of 120x36',
  unit: 'ms',
  better: 'less',
  rounds: 15,
  size: 1,
  tinySize: 1,
  contenders,
  aims: [{ of: 'sockbench', beside: 'bare Ink app', ratio: 1 }],
  before: async () => {
    ensureBuilt();
    mkdirSync(join(projectFolder, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bare-ink-'));
    await bundlePlainly(join(folder, 'bare.mjs'));
    await bundle({ entry: app, outfile: join(folder, 'dist/sockbench.js'), standIns: {} });
    cpSync(join(projectFolder, 'bin'), join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    // Once for nothing: it fills the cache of compiled code, and warms up the terminal on this side.
    for (const { run } of contenders) await run(1);
  },
  after: async () => rmSync(folder, { recursive: true, force: true }),
};

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, start } from '../e2e/terminal.ts';
import { createKeeper } from '../e2e/workbench.ts';
import { endStartedWith } from '../support/started.ts';

const fits = (await lacks('linux')) === null && (await lacks('koffi')) === null && checkStrace().ok;
const strace = fits ? execFileSync('sh', ['-c', 'command -v strace'], { encoding: 'utf8' }).trim() : '';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-starting-'));
});

afterEach(async () => {
  await keep.end();
  endStartedWith(folder);
  rmSync(folder, { recursive: true, force: true });
});

/** The system's strace, which starts its program once this file is there. */
const slowStrace = (goOn: string): void =>
  writeFileSync(
    join(folder, 'strace'),
    `#!/bin/sh\ncase "$*" in *--daemonize*) while [ ! -e ${goOn} ]; do sleep 0.02; done;; esac\nexec ${strace} "$@"\n`,
    { mode: 0o755 },
  );

describe.skipIf(!fits)('sockbench trace, asked to quit before its program has begun', () => {
  test('asks, as it ends what comes of it; the program is asked to end first', async () => {
    const [goOn, ended] = [join(folder, 'go-on'), join(folder, 'ended')];
    slowStrace(goOn);
    const program = `trap 'echo ended > ${ended}; exit' TERM; while :; do sleep 0.02; done`;
    const terminal = keep.terminal(
      start({
        args: ['trace', '--', 'sh', '-c', program],
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
    expect(existsSync(ended)).toBe(true);
  });
});

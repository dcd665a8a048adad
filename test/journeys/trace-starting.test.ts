import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** How the programs of a recorded session have ended. */
const ends = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/"kind":"gone".*"signal":"(\w*)"/g)].map(([, signal]) => signal!);

describe.skipIf(!fits)('sockbench trace, asked to quit', () => {
  test('before its program has begun, asks, as it ends what comes of it: by SIGTERM first', async () => {
    const [goOn, file] = [join(folder, 'go-on'), join(folder, 'session.jsonl')];
    slowStrace(goOn);
    const terminal = keep.terminal(
      start({
        args: ['trace', '--record', file, '--', 'sleep', '1000'],
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
    expect(ends(file)).toEqual(['SIGTERM']);
  });

  test('lets its program start another one in order to end', async () => {
    const [ended, file] = [join(folder, 'ended'), join(folder, 'session.jsonl')];
    // More than the time after which it is looked whether one more was told of.
    const last = `sh -c "sleep 0.3; echo ended > ${ended}"`;
    const program = `trap '${last}; exit' TERM; echo ready; while :; do sleep 0.02; done`;
    const terminal = keep.terminal(
      start({
        args: ['trace', '--record', file, '--', 'sh', '-c', program],
        env: { XDG_RUNTIME_DIR: folder },
      }),
    );
    await terminal.ready();
    await terminal.until(/out "ready/);
    terminal.type('q');
    await terminal.until(/Quit\? /);
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    expect(existsSync(ended)).toBe(true);
  });
});

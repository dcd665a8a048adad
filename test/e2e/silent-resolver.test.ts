import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ctrl, key } from './keys.ts';
import { ensureBuilt, projectFolder, type StartOptions } from './terminal.ts';
import { createKeeper, openWorkbench } from './workbench.ts';

const keep = createKeeper();
const folder = mkdtempSync(join(tmpdir(), 'sockbench-resolver-'));

beforeAll(ensureBuilt);
afterEach(keep.end);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = join(projectFolder, 'test/e2e/silent_resolver.py');
const wrapper = join(folder, 'run.sh');
writeFileSync(
  wrapper,
  `exec unshare -n -m python3 ${script} ${folder} ${process.execPath} ${projectFolder}/bin/sockbench.cjs "$@"\n`,
);

/** Namespaces need root, and a kernel that lets root have them. */
const canBeAlone =
  spawnSync('unshare', ['-n', '-m', 'mount', '--bind', '/etc/hosts', '/etc/hosts']).status === 0;

const silent: StartOptions = {
  command: '/bin/sh',
  program: wrapper,
  args: ['connect', 'nowhere.example', '80'],
};

test.skipIf(!canBeAlone).each([
  ['qq', 0],
  [ctrl('c') + ctrl('c'), 130],
])('%j ends the program while a look-up is in flight, status %d', async (keys, status) => {
  const terminal = keep.terminal(await openWorkbench(silent));
  await terminal.until(/getaddrinfo "nowhere.example" 80 BLOCKED/);
  // With nothing of the person's to cancel in the pane, Ctrl-C twice quits.
  for (const key of keys) terminal.type(key);
  expect(await terminal.exited).toBe(status);
  expect(terminal.stty().after).toBe(terminal.stty().before);
});

test.skipIf(!canBeAlone)('a signal does as well', async () => {
  const terminal = keep.terminal(await openWorkbench(silent));
  await terminal.until(/getaddrinfo "nowhere.example" 80 BLOCKED/);
  terminal.kill('SIGTERM');
  expect(await terminal.exited).toBe(143);
  expect(terminal.stty().after).toBe(terminal.stty().before);
});

test.skipIf(!canBeAlone)('names that it never answers hold up none that needs no answer of it', async () => {
  const terminal = keep.terminal(await openWorkbench(silent));
  for (let n = 1; n < 6; n++) {
    await terminal.until(new RegExp(`getaddrinfo "nowhere${n > 1 ? n : ''}\\.example" 80 BLOCKED`));
    terminal.type(`:connect nowhere${n + 1}.example:80${key.enter}`);
  }
  await terminal.until(/getaddrinfo "nowhere6\.example" 80 BLOCKED/);
  terminal.type(`:connect localhost:9${key.enter}`);
  await terminal.until(/connect 127\.0\.0\.1:9 = ECONNREFUSED/);
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-export-'));
});

afterEach(async () => {
  await keep.end();
  rmSync(folder, { recursive: true, force: true });
});

/** What `sockbench run` prints last. */
const verdictOf = async (lab: string): Promise<string> => {
  const sockbench = join(projectFolder, 'bin/sockbench.cjs');
  const { stdout } = await promisify(execFile)(process.execPath, [sockbench, 'run', lab]);
  return stdout.trimEnd().split('\n').at(-1)!;
};

test('what was done by hand becomes a lab from the palette, and the lab passes', async () => {
  const terminal = keep.terminal(await openWorkbench({ cwd: folder }));
  await listen(terminal);
  terminal.type('A');
  await terminal.until(/s1\.accept = loop off/);
  terminal.type('1');
  await terminal.until(/1 Client \*/);
  terminal.type(`c${key.enter}`);
  await terminal.until(/c1 ESTAB/);
  terminal.type('2a');
  await terminal.until(/a1 ESTAB/);
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`export lab mine.yaml${key.enter}`);
  await terminal.until(/mine\.yaml: \d+ entries saved as lab, the whole session/);
  const file = join(folder, 'mine.yaml');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('a1 = s1.accept');
  expect(await verdictOf(file)).toMatch(/^\d+ passed, 0 failed, 0 skipped$/);
});

test('the form names the formats, refuses another one, and names a file by the time', async () => {
  const terminal = keep.terminal(await openWorkbench({ cwd: folder }));
  await listen(terminal);
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`export${key.enter}`);
  await terminal.until(/python, lab, pcapng, strace, jsonl/);
  terminal.type(`${ctrl('u')}morse${key.enter}`);
  await terminal.until(/"morse" is none of python, lab, pcapng, strace, jsonl/);
  terminal.type(`${ctrl('u')}python${key.enter}`);
  await terminal.until(/sockbench-\d{8}-\d{6}\.py: \d+ entries saved as python/);
});

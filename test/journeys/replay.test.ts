import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import { ensureBuilt, projectFolder, start } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-replay-'));
});

afterEach(async () => {
  await keep.end();
  rmSync(folder, { recursive: true, force: true });
});

const lines = ['s1 = socket AF_INET SOCK_STREAM', 's1.bind 127.0.0.1:0', 's1.listen 1', 's1.close'];

/** A frame may come in two parts: what is gone is waited for, too. */
const showsNot = (shown: readonly string[], what: RegExp): boolean => !what.test(shown.join('\n'));

/** A session recorded by `sockbench run`. */
const record = async (): Promise<string> => {
  const file = join(folder, 'session.jsonl');
  const sockbench = join(projectFolder, 'bin/sockbench.cjs');
  await promisify(execFile)(process.execPath, [sockbench, '--record', file, 'run', '-e', ...lines]);
  return file;
};

test('a recorded session is replayed, stepped back and forward, and nothing can be done in it', async () => {
  const file = await record();
  const terminal = keep.terminal(await openWorkbench({ args: ['replay', file] }));
  await terminal.until(/replay of session\.jsonl/);
  await terminal.until(/> 6 Time \* .*paused/);
  await terminal.until(shown => showsNot(shown, /s1 LISTEN/) && /s1\.close = ok/.test(shown.join('\n')));

  terminal.type(key.left);
  await terminal.until(
    shown => showsNot(shown, /s1\.close = ok/) && /s1 LISTEN 127\.0\.0\.1:\d+/.test(shown.join('\n')),
  );
  terminal.type(key.right);
  await terminal.until(/s1\.close = ok/);
  terminal.type('g');
  await terminal.until(shown => showsNot(shown, /s1\.listen/) && /#1 of #/.test(shown.join('\n')));

  terminal.type('L');
  await terminal.until(/This is a replay: nothing can be done in it/);
  terminal.type(key.space);
  await terminal.until(/s1\.close = ok/);
  await terminal.until(/paused/);
  terminal.type('q');
  expect(await terminal.exited).toBe(0);
});

test('a file that was cut off is replayed and says so; no session and a newer one are refused', async () => {
  const file = await record();
  const text = readFileSync(file, 'utf8');
  const cut = join(folder, 'cut.jsonl');
  writeFileSync(cut, text.trimEnd().slice(0, -20));
  const terminal = keep.terminal(await openWorkbench({ args: ['replay', cut] }));
  await terminal.until(/file cut off at its end/);

  const refused = async (name: string, contents: string): Promise<string> => {
    writeFileSync(join(folder, name), contents);
    const other = keep.terminal(start({ args: ['replay', join(folder, name)], cols: 200 }));
    expect(await other.exited).toBe(2);
    return other.picture();
  };
  expect(await refused('none.jsonl', 'hello\n')).toContain('this is no session file');
  expect(await refused('newer.jsonl', text.replace(/"sockbench":\d+/, '"sockbench":99'))).toContain(
    'written by a newer sockbench',
  );
  const missing = keep.terminal(start({ args: ['replay', join(folder, 'missing.jsonl')], cols: 200 }));
  expect(await missing.exited).toBe(2);
  expect(missing.picture()).toContain('there is no such file');
});

test('S saves the session to a file of one owner, which replays; a file that is there is refused by name', async () => {
  const terminal = keep.terminal(await openWorkbench({ cwd: folder }));
  await listen(terminal);
  // The accept's own entry comes once it has lasted: after the save it would be one that is not saved.
  await terminal.until(/s1\.accept BLOCKED/);
  const file = join(folder, 'kept.jsonl');
  terminal.type('S');
  await terminal.until(/> file +sockbench-\d{8}-\d{6}\.jsonl/);
  terminal.type('\x15kept.jsonl\r');
  await terminal.until(/kept\.jsonl: \d+ entries saved, the whole session/);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  terminal.type(':save kept.jsonl\r');
  await terminal.until(/kept\.jsonl is there already; nothing is overwritten/);
  expect(terminal.picture()).toContain('save kept.jsonl');
  terminal.type(key.escape);
  await terminal.until(shown => showsNot(shown, /Commands and calls/));
  terminal.type('q');
  expect(await terminal.exited).toBe(0);

  const again = keep.terminal(await openWorkbench({ args: ['replay', file] }));
  await again.until(/s1 LISTEN/);
});

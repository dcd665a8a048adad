import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ctrl, key } from './keys.ts';
import { createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** The send line of a connected socket in file mode; HOME is the terminal's folder. */
const sendLine = async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  await terminal.until(/a1 ESTAB/);
  terminal.type('1s');
  await terminal.until(/send to c1 >/);
  terminal.type(ctrl('t') + ctrl('t'));
  await terminal.until(/file, sent as it is/);
  return terminal;
};

test('Tab completes a path from ~, lists several, and Enter sends the file', async () => {
  const terminal = await sendLine();
  const folder = join(terminal.folder, 'payloads');
  mkdirSync(folder);
  writeFileSync(join(folder, 'one.bin'), 'first');
  writeFileSync(join(folder, 'one.txt'), 'second');
  terminal.type('~/payl\to\t');
  await terminal.until(/one\.bin {2}one\.txt/);
  await terminal.until(/send to c1 > ~\/payloads\/one\. /);
  terminal.type(`t\t${key.enter}`);
  await terminal.until(/c1\.sendall file"~\/payloads\/one\.txt" = ok/);
  await terminal.until(/a1\.recv[^=\n]* = "second"/);
});

test.runIf(process.platform === 'linux')(
  'pipes and devices are refused, keys go on to work, and SIGTERM ends it',
  async () => {
    const terminal = await sendLine();
    execFileSync('mkfifo', [join(terminal.folder, 'pipe')]);
    terminal.type(`~/pipe${key.enter}`);
    await terminal.until(/~\/pipe cannot be read: this is a pipe/);
    terminal.type(`${ctrl('u')}/dev/zero${key.enter}`);
    await terminal.until(/\/dev\/zero cannot be read: this is a terminal or another device/);
    terminal.type(key.escape);
    await terminal.until(screen => !screen.join().includes('send to c1'));
    terminal.type(`:lab ~/pipe${key.enter}`);
    await terminal.until(/~\/pipe:/);
    terminal.kill('SIGTERM');
    expect(await terminal.exited).toBe(143);
    const { before, after } = terminal.stty();
    expect(after).toBe(before);
  },
);

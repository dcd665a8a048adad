import { afterEach, expect, test } from 'vitest';
import { key } from './keys.ts';
import { start, type Terminal } from './terminal.ts';
import { createKeeper } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

const shell = (): Terminal =>
  start({
    command: 'bash',
    program: '--norc',
    args: ['-i'],
    env: { PS1: 'ready> ', NODE: process.execPath },
  });

test('Ctrl-Z gives the terminal to the shell, fg takes it back and says how long it stood', async () => {
  const terminal = keep.terminal(shell());
  await terminal.until(/ready>\s*$/);
  terminal.type(`"$NODE" bin/sockbench.cjs${key.enter}`);
  await terminal.ready();
  await terminal.until(/Nothing is open yet/);
  terminal.type('m');
  await terminal.until(() => terminal.modes().mouse);
  terminal.type('\x1a');
  await terminal.until(/Stopped[\s\S]*ready>\s*$/);
  expect(terminal.modes()).toMatchObject({ alternateScreen: false, cursorVisible: true, mouse: false });
  terminal.type(`stty -a | grep -o ' icanon'${key.enter}`);
  await terminal.until(/^ icanon/m);
  terminal.type(`sleep 1; fg${key.enter}`);
  await terminal.until(/stopped [1-9]\d* s/);
  expect(terminal.modes()).toMatchObject({ alternateScreen: true, bracketedPaste: true, mouse: true });
  terminal.type('q');
  await terminal.until(/ready>\s*$/);
  expect(terminal.modes()).toMatchObject({ alternateScreen: false, mouse: false });
});

import { afterEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Presses Space until the lesson says that it is over, each time when the line before has ended. */
const stepToEnd = async (terminal: Terminal): Promise<void> => {
  const over = /The lab is over/;
  const settled = (lines: readonly string[]) =>
    over.test(lines.join('\n')) ||
    (/> next|Space goes on with stage/.test(lines.join('\n')) && !/> running/.test(lines.join('\n')));
  for (let steps = 0; !over.test(terminal.picture()); steps++) {
    if (steps > 60) throw new Error(`the lab never ended:\n${terminal.picture()}`);
    const before = terminal.picture();
    terminal.type(key.space);
    await terminal.until(lines => `${lines.join('\n').trimEnd()}\n` !== before && settled(lines));
  }
};

test('a lab is opened, predicted, stepped to its end, and left: the own listener stands as before', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  await terminal.until(/accept +loop +BLOCKED/);

  terminal.type('e');
  await terminal.until(/> tour/);
  terminal.type('backlog');
  await terminal.until(/> backlog +How many may wait/);
  terminal.type(key.enter);
  await terminal.until(/6 Lab backlog 1\/3 \*/);
  await terminal.until(/ sockbench +lab backlog 1\/3/);
  await terminal.until(/> next +s1 = socket/);
  await terminal.until(shown => !shown.join('\n').includes(`127.0.0.1:${port}`));
  expect(terminal.picture()).not.toContain('wait in the accept queue');

  await stepToEnd(terminal);
  await terminal.until(/The lab is over: all went as in the lesson/);
  await terminal.until(/a1\.recv 10 += "hello"/);
  await terminal.until(/6 Lab backlog 3\/3 \*/);

  terminal.type(key.escape);
  await terminal.until(/Leave the lab\? Its 5 sockets are closed/);
  terminal.type('y');
  await terminal.until(new RegExp(`s1 LISTEN 127\\.0\\.0\\.1:${port}`));
  await terminal.until(/accept +loop +BLOCKED/);
  await terminal.until(shown => !shown.join('\n').includes('backlog 3/3'));
  await terminal.until(/1 socket /);

  terminal.type('qq');
  expect(await terminal.exited).toBe(0);
});

test('a lab named on the command line begins with its lesson, in the language of the locale', async () => {
  const terminal = keep.terminal(
    await openWorkbench({ args: ['lab', 'deadlock-read'], env: { LANG: 'zh_CN.UTF-8' }, cols: 80, rows: 24 }),
  );
  await terminal.until(/双方都在读，没有人写/);
  terminal.type(`${key.space}`);
  await terminal.until(/完成 +s1 = socket/);
  await terminal.until(/Space 继续第 2 阶段/);
  terminal.type('r');
  await terminal.until(/从头重新运行实验？它的 3 个套接字会关闭。/);
  terminal.type('y');
  await terminal.until(/> 下一步 +s1 = socket/);
  await terminal.until(/0 个套接字/);
});

test('a lab that is none is refused before the screen is touched', async () => {
  const { start } = await import('../e2e/terminal.ts');
  const terminal = keep.terminal(start({ args: ['lab', 'no-such-lab'] }));
  expect(await terminal.exited).toBe(2);
  expect(terminal.picture()).toMatch(/no-such-lab: there is no such file, and no built-in lab/);
});

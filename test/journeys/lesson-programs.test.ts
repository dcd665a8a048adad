import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const lack = (await lacks('linux')) ?? (await lacks('python'));

const keep = createKeeper();
afterEach(keep.end);

const folder = mkdtempSync(join(tmpdir(), 'sockbench-lesson-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lesson = async (...args: readonly string[]): Promise<Terminal> => {
  const terminal = keep.terminal(await openWorkbench({ args, cols: 120, rows: 60 }));
  await terminal.until(/> next /);
  return terminal;
};

/** Runs a stage from where it stands to its end, and turns to the next one. */
const stage = async (terminal: Terminal, next: number): Promise<void> => {
  terminal.type(key.enter);
  await terminal.until(new RegExp(`goes on with stage ${next} of`));
  terminal.type(key.space);
  await terminal.until(new RegExp(`6 Lab \\S+ ${next}/`));
};

/** Where a word stands in its row. */
const columnOf = (terminal: Terminal, word: string): number =>
  Math.max(...terminal.screen().map(row => row.indexOf(word)));

describe.skipIf(lack !== null)(`a lesson's programs${lack === null ? '' : ` (${lack})`}`, () => {
  test('server.py is seen in accept, dies of its text, and the mended one ends with the workbench', async () => {
    const file = join(folder, 'server.jsonl');
    const terminal = await lesson('--record', file, 'lab', 'server-program');
    await terminal.until(/clientsock, clientaddr =/);
    expect(columnOf(terminal, 'clientsock, clientaddr =')).toBe(columnOf(terminal, 'while 1:') + 4);
    await stage(terminal, 2);
    await stage(terminal, 3);
    terminal.type(key.space);
    await terminal.until(/p2\.\d+\.accept BLOCKED/);
    await terminal.until(/now +p2 is in accept\(\) and has not returned/);
    await stage(terminal, 4);
    terminal.type(key.enter);
    await terminal.until(/The lab is over: all went as in the lesson/);
    await terminal.until(/p3\.\d+\.accept BLOCKED/);
    terminal.type('q');
    await terminal.until(/Quit\?/);
    terminal.type('y');
    await terminal.exited;
    const session = readFileSync(file, 'utf8');
    expect(session).toMatch(/"kind":"gone".*"actor":"p3","code":null,"signal":"SIGTERM"/);
    const pid = Number(/"actor":"p3","pid":(\d+)/.exec(session)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('connect.py waits for an answer, and the row of the socket that it waits for says so', async () => {
    const terminal = await lesson('lab', 'client-program');
    await terminal.until(/port = socket\.getservbyname\("http", "tcp"\)/);
    await stage(terminal, 2);
    await stage(terminal, 3);
    await stage(terminal, 4);
    for (const line of ['start p2, this program', 'a3 = s1']) {
      await terminal.until(new RegExp(`> next +${line}`));
      terminal.type(key.space);
    }
    await terminal.until(/> next +a3\.send/);
    await terminal.until(/python\S*, pid \d+, is in recv/);
    await stage(terminal, 5);
    terminal.type(key.enter);
    await terminal.until(/The lab is over: all went as in the lesson/);
  });
});

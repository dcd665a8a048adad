import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const fits = needs.every(lack => lack === null) && checkStrace().ok;
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-two-'));
});

afterEach(async () => {
  await keep.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Each waits for what the other one would say first. The server tells its port in a file. */
const scripts = {
  'a.py': `import os, socket
server = socket.create_server(('127.0.0.1', 0))
with open('port.new', 'w') as file: file.write(str(server.getsockname()[1]))
os.rename('port.new', 'port')
print('a listens')
connection, _ = server.accept()
print(connection.recv(100))
`,
  'b.py': `import os, socket, time
while not os.path.exists('port'): time.sleep(0.01)
connection = socket.create_connection(('127.0.0.1', int(open('port').read())))
print('b is connected')
print(connection.recv(100))
`,
};

/** What a person reads of both panes: beside each other, each with its script, who it waits for and since when. */
const beside = [
  /1 p1 python\S* \d+ a\.py \*.*2 p2 python\S* \d+ b\.py {2}traced/,
  /p1\.\d+ ESTAB → p2\.\d+/,
  /p2\.\d+ ESTAB → p1\.\d+/,
  /recv 100 +BLOCKED \d[\s\S]*recv 100 +BLOCKED \d/,
  /waits for python\S* \(p[12]\) to send[\s\S]*waits for python\S* \(p[12]\) to send/,
];

describe.runIf(fits).each([
  { cols: 80, rows: 24 },
  { cols: 120, rows: 36 },
])('two programs that wait for each other, traced in $cols columns and $rows rows', size => {
  test('stand beside each other with what they are in, the verdict and why; q ends both', async () => {
    for (const [name, script] of Object.entries(scripts)) writeFileSync(join(folder, name), script);
    const program = (name: string) => ['--', 'sh', '-c', `cd ${folder} && exec ${python} ${name}`];
    const terminal = keep.terminal(
      await openWorkbench({
        ...size,
        args: ['trace', ...program('a.py'), ...program('b.py')],
        env: { XDG_RUNTIME_DIR: folder },
      }),
    );
    await terminal.until(
      /! DEADLOCK: p[12]\.\d+\.recv waits for p[12] to send, p[12]\.\d+\.recv waits for p[12] to .* w why/,
    );
    for (const sight of beside) await terminal.until(sight);
    terminal.type('w');
    await terminal.until(/Why: who waits for whom {2}2 calls in flight, 1 deadlock/);
    await terminal.until(/[┌└][→─] p1\.\d+\.recv 100 +BLOCKED .*waits for python\S* \(p2\) to send/);
    await terminal.until(/[┌└][→─] p2\.\d+\.recv 100 +BLOCKED .*waits for python\S* \(p1\) to send/);
    terminal.type('\x1b');
    await terminal.until(shown => !shown.join('\n').includes('Why: who waits'));
    terminal.type('3');
    await terminal.until(/No process is in this place/);
    await terminal.until(/1 p1 python\S* \d+ a\.py \*/);
    terminal.type('5&out\r');
    await terminal.until(/p1 python\S* \d+ out "a listens/);
    await terminal.until(/p2 python\S* \d+ out "b is connected/);
    const pids = [...terminal.picture().matchAll(/p[12] python\S* (\d+) [ab]\.py/g)].map(([, pid]) => pid!);
    expect(pids).toHaveLength(2);
    terminal.type('q');
    await terminal.until(/Quit\? the 2 programs that were started here will be ended/);
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

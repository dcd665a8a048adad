import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { ensureBuilt, projectFolder, start, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { startProgram } from '../traces/programs.ts';
import { inEitherOrder } from './either-order.ts';

const sockbench = join(projectFolder, 'bin/sockbench.cjs');
const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const fits = needs.every(lack => lack === null) && checkStrace().ok;
/** Python itself, not a script that finds it. */
const python = fits
  ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  : '';

/** Serves one client, and waits for it to say something. */
const serving = `
import socket
server = socket.create_server(('127.0.0.1', 0))
print('port', server.getsockname()[1], flush=True)
end, _ = server.accept()
server.close()
end.recv(10)
`;

/** Tells what its streams are, connects, and waits for the server to say something. */
const asking = `
import os, socket, sys
print('streams', [os.isatty(fd) for fd in (0, 1, 2)], os.getpid(), flush=True)
end = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
try:
    end.recv(10)
except ConnectionResetError:
    pass
print('over', flush=True)
sys.exit(7)
`;

const keep = createKeeper();
let folder: string;
const left: number[] = [];

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-join-'));
});

afterEach(async () => {
  await keep.end();
  for (const pid of left.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

const inTerminal = (...args: readonly string[]): Terminal =>
  keep.terminal(start({ args, cols: 120, rows: 36, env: { XDG_RUNTIME_DIR: folder } }));

const tracedServer = async (): Promise<{ terminal: Terminal; port: string; pid: number }> => {
  const options = { cols: 120, rows: 36, env: { XDG_RUNTIME_DIR: folder } };
  const terminal = keep.terminal(
    await openWorkbench({ ...options, args: ['trace', '--', python, '-c', serving] }),
  );
  await terminal.until(/p1 python\S* \d+ out "port \d+\\n"/);
  await terminal.until(/accept .*BLOCKED/);
  const picture = terminal.picture();
  const pid = Number(/1 p1 python\S* (\d+)/.exec(picture)![1]);
  left.push(pid);
  return { terminal, port: /p1 python\S* \d+ out "port (\d+)/.exec(picture)![1]!, pid };
};

const joined = async (
  port: string,
  ...how: readonly string[]
): Promise<{ terminal: Terminal; pid: number }> => {
  const terminal = inTerminal('trace', how[0] ?? '--join', '--', python, '-c', asking, port);
  await terminal.until(/streams \[True, True, True\] \d+/);
  const pid = Number(/streams \[True, True, True\] (\d+)/.exec(terminal.picture())![1]);
  left.push(pid);
  return { terminal, pid };
};

const tracerOf = (pid: number): string | undefined =>
  /^TracerPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

const refused = (...words: readonly string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [sockbench, 'trace', ...words], {
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  }).then(
    () => 'no refusal',
    (error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`,
  );

describe.runIf(fits)('sockbench trace --join', () => {
  test('a program has its own terminal and status, and stands in the panes of the trace', async () => {
    const { terminal, port } = await tracedServer();
    const door = join(folder, 'sockbench');
    expect(statSync(door).mode & 0o777).toBe(0o700);
    const client = await joined(port);
    await terminal.until(
      inEitherOrder(
        String.raw`p1\.\d+\.recv waits for p2 to send`,
        String.raw`p2\.\d+\.recv waits for p1 to send`,
      ),
    );
    await terminal.until(/2 p2 python\S* \d+ \d+ {2}traced: slower/);
    expect(terminal.picture()).not.toMatch(/p2 is strace/);
    terminal.type('q');
    await terminal.until(/Quit\? python\S* \(p1, pid \d+\) will be ended/);
    terminal.type('y');
    expect(await terminal.exited).toBe(0);
    await client.terminal.until(/over/);
    expect(await client.terminal.exited).toBe(7);
    expect(await refused('--join', '--', 'true')).toMatch(
      /^2 sockbench trace: no trace of yours is running.*\n$/,
    );
  });

  test('kill -9 of the one that joined: its program goes on, and stands in the panes', async () => {
    const { terminal, port } = await tracedServer();
    // Without a terminal, whose end would be told to the program by SIGHUP.
    const words = [process.execPath, sockbench, 'trace', '--join', '--', python, '-c', asking, port];
    const joining = startProgram('env', [`XDG_RUNTIME_DIR=${folder}`, ...words]);
    const [, number] = await joining.printed(/streams .* (\d+)/);
    const pid = Number(number);
    left.push(pid);
    await terminal.until(/p2\.\d+\.recv 10 BLOCKED/);
    process.kill(joining.pid, 'SIGKILL');
    await joining.exited;
    expect(Number(tracerOf(pid))).toBeGreaterThan(0);
    process.kill(pid, 'SIGTERM');
    await terminal.until(/p2 .*SIGTERM/);
  });

  test('kill -9 of the trace: the program goes on untraced, with its own status', async () => {
    const { terminal, port, pid } = await tracedServer();
    const client = await joined(port);
    await terminal.until(/p2\.\d+\.recv 10 BLOCKED/);
    process.kill(terminal.pid()!, 'SIGKILL');
    await terminal.exited;
    process.kill(pid, 'SIGKILL');
    await client.terminal.until(/over/);
    expect(await client.terminal.exited).toBe(7);
  });

  test('of several the newest, or the one that is named; each mistake is a sentence', async () => {
    const first = await tracedServer();
    const second = await tracedServer();
    const client = await joined(first.port, `--join=${first.terminal.pid()}`);
    await first.terminal.until(/p2\.\d+\.recv 10/);
    expect(second.terminal.picture()).not.toMatch(/p2/);
    process.kill(client.pid, 'SIGKILL');
    expect(await client.terminal.exited).toBe(137);
    const other = inTerminal('trace', '--join', '--', 'true');
    await other.until(/joins the newest of 2 traces, \d+; --join=PID another/);
    expect(await other.exited).toBe(0);
    expect(await refused('--join=1', '--', 'true')).toMatch(
      /^2 sockbench trace: 1 is no trace of yours.*\n$/,
    );
    expect(await refused('--join', 'true')).toMatch(/^2 sockbench trace: --join=PID takes the number.*\n$/);
    expect(await refused('--join', '--no-screen', '--', 'true')).toMatch(
      /^2 .*goes with a command alone.*\n$/,
    );
    expect(await refused('--join', '--', 'true', '--', 'true')).toMatch(
      /^2 .*one program joins at a time.*\n$/,
    );
  });

  test('a folder that others may write to is no place for it', async () => {
    mkdirSync(join(folder, 'sockbench'), { mode: 0o777 });
    writeFileSync(join(folder, 'sockbench', 'trace-1.sock'), '');
    expect(await refused('--join', '--', 'true')).toMatch(/^2 sockbench trace: no trace of yours is running/);
    const terminal = inTerminal('trace', '--', 'sleep', '1000');
    await terminal.until(/no program can join this trace: /);
    terminal.type('qy');
    expect(await terminal.exited).toBe(0);
  });
});

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { startPeer } from '../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { type Running, startProgram } from '../traces/programs.ts';

const sockbench = join(projectFolder, 'bin/sockbench.cjs');
const needs = [await lacks('linux'), await lacks('python')];
const hasTelnet = !spawnSync('telnet', ['--version']).error;
const fits = needs.every(lack => lack === null) && checkStrace().ok && hasTelnet;

/** The base server of a text for beginners, in today's Python; its port is one that is free. */
const source = `import socket
host = ''
port = 0
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((host, port))
s.listen(1)
print("Waiting for connections... ", s.getsockname()[1], flush=True)
while 1:
    clientsock, clientaddr = s.accept()
    print("Got connection from ", clientsock.getpeername(), flush=True)
    clientsock.close()
`;

/** What calls stand in a text, in order. CPython asks every socket that it gets for its name. */
const callsIn = (text: string, of: RegExp): string[] =>
  [...text.matchAll(of)].map(([, name]) => name!).filter(name => name !== 'getsockname');

let folder: string;
let running: Running | null = null;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-export-'));
});

afterEach(async () => {
  await running?.stop();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

const exported = async (file: string, format: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [sockbench, 'export', file, '--to', format])).stdout;

/** `prev`, which leads to the entry before of the same socket, is linked anew where a session is read. */
const entriesIn = (lines: string): object[] =>
  lines
    .trim()
    .split('\n')
    .slice(1)
    .map(line => ({ ...(JSON.parse(line) as object), prev: 0 }));

describe.runIf(fits)('a traced server, with telnet', () => {
  test('exported, it has the calls that its source has', async () => {
    const [program, file] = [join(folder, 'server.py'), join(folder, 'session.jsonl')];
    writeFileSync(program, source);
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
    const flags = ['--no-screen', '--record', file, '-o', join(folder, 'said')];
    running = startProgram(process.execPath, [sockbench, 'trace', ...flags, '--', python.trim(), program]);
    const [, port] = await running.printed(/Waiting for connections\.\.\. +(\d+)/);
    await startPeer('telnet', ['127.0.0.1', port!]).until(/Connection closed by foreign host/);
    await running.printed(/Got connection from/);
    process.kill(running.pid, 'SIGTERM');
    await running.exited;
    const written = callsIn(source, /\b(?:socket|s|clientsock)\.(\w+)\(/g);
    expect(written).toEqual(['socket', 'setsockopt', 'bind', 'listen', 'accept', 'getpeername', 'close']);
    const made = callsIn(await exported(file, 'python'), /^ {8}(?:.* = )?\w+\.(\w+)\(/gm);
    expect(made.slice(0, written.length)).toEqual(written);
    expect(entriesIn(await exported(file, 'jsonl'))).toEqual(entriesIn(readFileSync(file, 'utf8')));
    for (const call of ['bind', 'listen', 'accept4', 'getpeername', 'close'])
      expect(await exported(file, 'strace')).toMatch(new RegExp(`^\\d+.* ${call}\\(`, 'm'));
  });
});

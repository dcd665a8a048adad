import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '../support/limits.ts';

/** A value as the generated code prints it; see `plain` in formats/python/python-runtime.ts. */
export type PythonValue =
  | null
  | number
  | boolean
  | string
  | PythonBytes
  | { readonly data: PythonBytes; readonly from: PythonValue }
  | readonly PythonValue[];

export type PythonBytes = {
  readonly size: number;
  readonly sha256: string;
  /** All of it, where it is little. */
  readonly hex?: string;
  /** The one byte that it repeats. */
  readonly only?: number;
};

/** How a call went in CPython. Times in seconds since the program began; without `ended` it was left in flight. */
export type PythonCall = {
  readonly call: number;
  readonly title: string;
  readonly blocked: boolean;
  readonly began?: number;
  readonly ended?: number;
  readonly value?: PythonValue;
  readonly error?: string;
  readonly errno?: number | null;
  readonly text?: string;
};

/** Why there is no python3 to ask, or null. */
export const pythonLack = (): string | null =>
  spawnSync('python3', ['-c', '']).status === 0 ? null : 'there is no python3 on the PATH';

/** What makes the certificate of a server that was given none, in the exported code. */
export const lacksOpenssl = (): boolean =>
  spawnSync('openssl', ['version']).status !== 0 || spawnSync('python3', ['-c', 'import ssl']).status !== 0;

export type PythonRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs code with python3 and waits for its end; `flags` come behind the file's name. */
export const runPython = async (code: string, flags: readonly string[]): Promise<PythonRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-oracle-'));
  const file = join(folder, 'session.py');
  writeFileSync(file, code);
  try {
    return await new Promise<PythonRun>((resolve, reject) => {
      const child = spawn('python3', [file, ...flags], {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limits.wait,
        killSignal: 'SIGKILL',
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
      child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
      child.once('error', reject);
      child.once('close', (status, signal) =>
        resolve({
          code: status,
          signal,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What the code of a session printed: its calls by their number, and the ports it used for the session's. */
export type PythonAnswers = {
  readonly calls: ReadonlyMap<number, PythonCall>;
  readonly ports: ReadonlyMap<number, number>;
};

export const askPython = async (code: string): Promise<PythonAnswers> => {
  const { code: status, signal, stdout, stderr } = await runPython(code, ['--json']);
  if (status !== 0) throw new Error(`python3 ended with ${signal ?? status}: ${stderr}`);
  const lines = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as PythonCall | { readonly port: number; readonly used: number });
  return {
    calls: new Map(lines.flatMap(line => ('call' in line ? [[line.call, line] as const] : []))),
    ports: new Map(lines.flatMap(line => ('port' in line ? [[line.port, line.used] as const] : []))),
  };
};

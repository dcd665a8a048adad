import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';

/** A program with what it prints, kept as bytes; ended with the test. */
export type Piped = {
  readonly child: ChildProcess;
  readonly out: () => Buffer;
  readonly err: () => string;
  /** Resolves with the match once standard output has printed it; rejects where the program ends first. */
  readonly printed: (what: RegExp) => Promise<RegExpMatchArray>;
  readonly told: (what: RegExp) => Promise<RegExpMatchArray>;
  /** Its status, or the signal that ended it, once all that it printed is read. */
  readonly ended: Promise<number | string | null>;
};

export const startProgram = (
  command: string,
  args: readonly string[],
  stdio: StdioOptions = 'pipe',
  env: NodeJS.ProcessEnv = process.env,
): Piped => {
  const child = spawn(command, args, { stdio, env });
  const pieces: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const waiting = new Set<() => void>();
  let over = false;
  const changed = () => {
    for (const check of waiting) check();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (piece: Buffer) => {
      pieces[name].push(piece);
      changed();
    });
  }
  // What is said to a program that has ended is lost, as on any pipe.
  child.stdin?.on('error', () => {});
  const textOf = (name: 'stdout' | 'stderr') => Buffer.concat(pieces[name]).toString();
  const until = (name: 'stdout' | 'stderr', what: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const check = () => {
        const match = textOf(name).match(what);
        if (!match && !over) return;
        waiting.delete(check);
        if (match) resolve(match);
        else reject(new Error(`${command} ended without ${what}:\n${textOf('stdout')}\n${textOf('stderr')}`));
      };
      waiting.add(check);
      check();
    });
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      over = true;
      changed();
      resolve(code ?? signal);
    });
  });
  onTestFinished(async () => {
    if (!over) child.kill('SIGKILL');
    await ended.catch(() => {});
  });
  return {
    child,
    out: () => Buffer.concat(pieces.stdout),
    err: () => textOf('stderr'),
    printed: what => until('stdout', what),
    told: what => until('stderr', what),
    ended,
  };
};

/** The folder of a sockbench that is built. */
export const builtFolder = (): string => {
  ensureBuilt();
  return projectFolder;
};

/** The built program in a folder in whose reach there is no koffi, as after `npm install --omit=optional`. */
export const builtWithoutKoffi = (): string => {
  const folder = temporaryFolder();
  for (const part of ['bin', 'dist'])
    cpSync(join(builtFolder(), part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  return folder;
};

/** `sockbench pipe ARGS`, with nothing of the person's own. */
export const pipe = (args: readonly string[], stdio: StdioOptions = 'pipe', folder = builtFolder()): Piped =>
  startProgram(process.execPath, [join(folder, 'bin/sockbench.cjs'), ...['pipe', ...args]], stdio, {
    ...process.env,
    NODE_COMPILE_CACHE: '',
  });

/** A script of Python's; its first line of output is `listening PORT`. */
export const pythonPeer = async (script: string): Promise<Piped & { readonly port: string }> => {
  const peer = startProgram('python3', ['-c', script]);
  const [, port = ''] = await peer.printed(/^listening (\d+)$/m);
  return { ...peer, port };
};

/** Where a pipe listens, as it says. */
export const placeOf = async (piped: Piped): Promise<string> =>
  (await piped.told(/^sockbench pipe: listening on (\S+)$/m))[1]!;

export const hasProgram = (program: string, flag = '--version'): boolean =>
  spawnSync(program, [flag], { stdio: 'ignore' }).error === undefined;

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

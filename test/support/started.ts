import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/**
 * The processes that have a folder's path among their words or in their environment: all that was started with it, and what that
 * has started, also in sessions and namespaces of its own. One that has ended has neither any more (proc(5)).
 */
export const startedWith = (folder: string): number[] =>
  (existsSync('/proc') ? readdirSync('/proc') : [])
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(name => ['cmdline', 'environ'].some(file => textOf(`/proc/${name}/${file}`).includes(folder)))
    .map(Number);

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};

/** How often it is looked for what was started meanwhile, and how long lies between, in ms. */
const tries = 200;
const between = 10;

/**
 * Ends them all, and returns once they are gone. A tracer is among them: the threads that it holds in their ends, with all that they
 * have open, go with it alone (ptrace(2), PTRACE_EVENT_EXIT).
 */
export const endStartedWith = (folder: string): void => {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let n = 0; n < tries; n++) {
    const left = startedWith(folder);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    Atomics.wait(nobody, 0, 0, between);
  }
};

/** A process that outlives this one, however it ends: then, or when it is asked to, it ends what was started with the folder, and removes that. */
export const guardFolder = (folder: string): { readonly end: () => Promise<void> } => {
  const guard: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'guard.ts'), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // Nobody means it who ends a group, or types Ctrl-C.
    detached: true,
    env: {},
  });
  const ends = guard.stdin as Socket;
  for (const handle of [guard, ends]) handle.unref();
  const over = once(guard, 'close');
  return {
    end: async () => {
      guard.ref();
      ends.end();
      await over;
    },
  };
};

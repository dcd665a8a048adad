import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realProc } from '../../source/traces/proc/real-proc.ts';

/** A program of a test in a process group of its own, so that what it has forked ends with it. */
export type Running = {
  readonly pid: number;
  readonly output: () => string;
  /** Resolves once it has printed this. */
  readonly printed: (what: RegExp) => Promise<RegExpMatchArray>;
  readonly exited: Promise<void>;
  readonly stop: () => Promise<void>;
};

const endGroup = (child: ChildProcess): void => {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // All of it has ended by itself.
  }
};

export const startProgram = (command: string, args: readonly string[], cwd?: string): Running => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true, cwd });
  let output = '';
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let ended = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    changed();
  });
  const exited = once(child, 'exit').then(() => {});
  // What it printed last may be on its way still.
  void once(child, 'close').then(() => {
    ended = true;
    changed();
  });
  return {
    pid: child.pid!,
    output: () => output,
    printed: what =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = output.match(what);
          if (!match && !ended) return;
          listeners.delete(check);
          if (match) resolve(match);
          else reject(new Error(`${command} ended before it printed ${what}; it printed ${output}`));
        };
        listeners.add(check);
        check();
      }),
    exited,
    stop: async () => {
      endGroup(child);
      await exited;
    },
  };
};

/** The processes of a program and all that stem from it, by their parents. */
export const familyOf = (pid: number): number[] => {
  const listed = realProc.list('.');
  const pids = listed.ok ? listed.value.filter(name => /^\d+$/.test(name)).map(Number) : [];
  const parents = new Map(
    pids.map(one => {
      const stat = realProc.read(`${one}/stat`);
      const text = stat.ok ? stat.value : '';
      return [one, Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])];
    }),
  );
  const family = [pid];
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  return family;
};

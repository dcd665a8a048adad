import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type {
  Printed,
  ProgramEnd,
  ProgramStarter,
  RunningProgram,
} from '../../bench/processes/started-programs.ts';
import { canLook } from '../looking/can-look.ts';
import { toldStreams } from '../tracing/program-streams.ts';

/** How long a program may take to end after SIGTERM, in ms. */
const graceMs = 1_000;

/** What was printed by a program that has ended is in its pipe: it takes no longer than this to be read, in ms. */
const readMs = 1_000;

/**
 * Ends the program's process group once this process is no more, however it ended: the pipe that it reads closes then. It learns
 * the number behind the program's start, so that it is there before the program is.
 */
const guardian = 'read -r pid; while read -r _; do :; done; [ -n "$pid" ] && kill -s KILL -- "-$pid"';

const startGuardian = (): ChildProcess => {
  const child = spawn('sh', ['-c', guardian], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  return child;
};

/** To a process group: whatever the program has forked goes with it. */
const send = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone in this moment.
  }
};

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const ask = (command: string): Promise<string> =>
  new Promise(resolve => {
    const words = ['-I', '-c', 'import sys; print(sys.executable)'];
    execFile(command, words, (error, answer) => resolve((error ? '' : answer.trim()) || command));
  });

let interpreter: Promise<string> | undefined;

/** What `python3` stands for: on the PATH it may be a script that chooses one, and forks much before it runs that. */
const interpreterOf = (command: string): Promise<string> => {
  interpreter ??= ask(command);
  return interpreter;
};

/** A process group of its own: the terminal's keys and its end are not for it. */
const startProgram = async (
  given: readonly string[],
  printed: (printed: Printed) => void,
): Promise<RunningProgram> => {
  const [name = '', ...rest] = given;
  const command = await interpreterOf(name);
  const streams = await toldStreams(printed);
  const guard = startGuardian();
  const child = spawn(command, rest, {
    stdio: [...streams.stdio] as ('ignore' | number)[],
    env: { ...streams.env, ...process.env },
    detached: true,
  });
  guard.stdin?.write(`${child.pid ?? ''}\n`);
  const exited = new Promise<ProgramEnd>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal: signal ?? '' }));
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    guard.kill('SIGKILL');
    throw error;
  } finally {
    streams.given();
  }
  const pid = child.pid!;
  const ended = exited.then(async end => {
    guard.kill('SIGKILL');
    send(pid, 'SIGKILL');
    await Promise.race([streams.over, pause(readMs)]);
    streams.close();
    return end;
  });
  return {
    pid,
    args: [command, ...rest],
    ended,
    end: () => {
      send(pid, 'SIGTERM');
      const timer = setTimeout(() => send(pid, 'SIGKILL'), graceMs);
      return ended.finally(() => clearTimeout(timer));
    },
  };
};

/** A thread of its own, which runs the very file: it is loaded by itself, and only where there is something to look at. */
const look: ProgramStarter['look'] = async (pid, failed) => {
  const { startLooker } = await import('../looking/look-worker.ts');
  return startLooker([pid], failed);
};

export const lessonPrograms: ProgramStarter = {
  start: startProgram,
  self: process.pid,
  look: canLook ? look : null,
};

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createFifo, type Fifo } from '../../drivers/files/fifo.ts';
import { orElse } from '../../traces/proc/proc-files.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import { statusField } from '../../traces/proc/status-fields.ts';
import type { Moment } from '../../traces/strace/moments.ts';
import { createStraceReader } from '../../traces/strace/reader.ts';
import type { Streams } from './program-streams.ts';

/** Calls that are about sockets, or about who has them open. `?`: a name that not every processor has. */
const traced =
  '%network,read,write,readv,writev,?preadv2,?pwritev2,sendfile,splice,close,?close_range,dup,?dup2,dup3,fcntl,ioctl,?poll,ppoll,?select,pselect6,epoll_create1,?epoll_create,epoll_ctl,?epoll_wait,epoll_pwait,?epoll_pwait2,clone,?clone3,?fork,?vfork,execve,exit,exit_group,restart_syscall';

/** Bytes of a string that strace prints; a longer one is cut, and its length told. */
const stringBytes = 4096;

/** What strace prints, of which calls. */
export const straceFlags: readonly string[] = [
  '-f',
  '-q',
  // SIGPIPE ends strace, once nobody reads what it writes, and leaves the programs untraced.
  '--interruptible=waiting',
  '-y',
  '-s',
  String(stringBytes),
  '--absolute-timestamps=format:unix,precision:ns',
  '--syscall-times=ns',
  '-e',
  `trace=${traced}`,
];

/** After so many ms without a byte, what stands without a newline is a call in flight. */
const quietMs = 5;

/** A strace and what it traces. */
export type Traced = {
  /** Whose moments come: the program that was started, or those that were found. */
  readonly pids: readonly number[];
  /** How the program that was started has ended; of those that were found nothing is known. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Nothing more comes: strace is gone. */
  readonly over: Promise<void>;
  /** The process of strace, 0 where it is not known. */
  readonly tracer: () => number;
  /** Leaves the programs to themselves. */
  readonly leave: () => void;
};

export type OnMoments = (moments: readonly Moment[]) => void;

/** From the pipe to moments, calls in flight too. */
const listen = async (tell: OnMoments): Promise<{ fifo: Fifo; over: Promise<void> }> => {
  const reader = createStraceReader();
  let timer: NodeJS.Timeout | undefined;
  const told = (moments: readonly Moment[]) => {
    if (moments.length > 0) tell(moments);
  };
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const fifo = await createFifo({
    data: piece => {
      told(reader.take(piece));
      clearTimeout(timer);
      timer = setTimeout(() => told(reader.quiet()), quietMs);
    },
    end: () => {
      clearTimeout(timer);
      resolve();
    },
  });
  return { fifo, over };
};

/** Where strace is no more without having opened its pipe, the pipe ends all the same. */
const endWith = (child: ChildProcess, fifo: Fifo) =>
  child.once('close', fifo.begun).once('error', fifo.begun);

export const tracerOf = (pid: number): number =>
  Number(statusField(orElse(realProc.read(`${pid}/status`), ''), 'TracerPid') || 0);

/** strace as a grandchild of whoever starts the program. */
const besides = (pipe: string): readonly string[] => [
  ...straceFlags,
  '--daemonize=session',
  '-o',
  pipe,
  '--',
];

const ask = (tracer: number): void => {
  try {
    if (tracer > 0) process.kill(tracer, 'SIGTERM');
  } catch {
    // Gone in this moment.
  }
};

/**
 * Starts a program under strace, which runs as its grandchild: the program is this process's own child, in its process group
 * and on its terminal, and has descriptors, signals and exit status as without.
 */
export const startTraced = async (
  command: readonly string[],
  bySeccomp: boolean,
  { stdio, env }: Streams,
  tell: OnMoments,
): Promise<Traced> => {
  let tracer = 0;
  const { fifo, over } = await listen(moments => {
    fifo.begun();
    tracer ||= tracerOf(child.pid!);
    tell(moments);
  });
  const filter = bySeccomp ? ['--seccomp-bpf'] : [];
  const child = spawn('strace', [...filter, ...besides(fifo.path), ...command], {
    stdio: stdio === 'inherit' ? stdio : [...stdio],
    env: { ...env, ...process.env },
  });
  endWith(child, fifo);
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return {
    pids: [child.pid ?? 0],
    ended,
    over,
    tracer: () => tracer,
    leave: () => ask(tracer),
  };
};

/** A pipe for the strace of a program that another process will start. */
export type Awaited = {
  readonly path: string;
  /** It has this number. */
  readonly enter: (pid: number) => Pick<Traced, 'over' | 'leave'>;
  /** Whoever was to start it has gone: nobody opens the pipe any more. */
  readonly left: () => void;
};

export const awaitTraced = async (tell: OnMoments): Promise<Awaited> => {
  let pid = 0;
  let tracer = 0;
  let held: Moment[] = [];
  const hear = (moments: readonly Moment[]) => {
    if (pid === 0) return void held.push(...moments);
    tracer ||= tracerOf(pid);
    tell(moments);
  };
  const { fifo, over } = await listen(moments => {
    fifo.begun();
    hear(moments);
  });
  return {
    path: fifo.path,
    enter: number => {
      pid = number;
      if (held.length > 0) hear(held);
      held = [];
      return { over, leave: () => ask(tracer || tracerOf(pid)) };
    },
    left: fifo.begun,
  };
};

/** Starts a program of this terminal under a strace that writes to another process's pipe. Left by it, the program goes on. */
export const startJoining = (command: readonly string[], pipe: string) => {
  // No filter: from strace 6.6 on one that has set it ends its programs with itself.
  const child = spawn('strace', [...besides(pipe), ...command], { stdio: 'inherit' });
  const ended = new Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>(
    resolve => child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended };
};

/** Traces processes that run already, until they end or are left. `trouble` hears why it cannot. */
export const attachTraced = async (
  pids: readonly number[],
  tell: OnMoments,
  trouble: (words: string) => void,
): Promise<Traced> => {
  const { fifo, over } = await listen(moments => {
    fifo.begun();
    tell(moments);
  });
  const whom = pids.flatMap(pid => ['-p', String(pid)]);
  // In a session of its own: Ctrl-C is this process's to answer.
  const child = spawn('strace', [...straceFlags, '-o', fifo.path, ...whom], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const said = child.stdio[2]!;
  void text(said).then(words => {
    if (words.trim() !== '') trouble(words.trim());
  });
  endWith(child, fifo);
  // Its exit status is this program's for a bad argument.
  const ended = once(child, 'exit').then(([code]) => ({ code: code === 1 ? 2 : 0, signal: null }));
  return { pids, ended, over, tracer: () => child.pid ?? 0, leave: () => void child.kill('SIGTERM') };
};

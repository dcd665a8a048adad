import type { ActorId } from './actors.ts';

/** A process of this machine: p1, p2 … in the order in which they were come upon. */
export type ProcessId = Extract<ActorId, `p${number}`>;

export const isProcessName = (name: string): name is ProcessId => /^p[1-9]\d{0,8}$/.test(name);

/** How a process came to be known: it was there, it was started for this session, another forked it, it runs another program. */
export const processOrigins = ['found', 'started', 'forked', 'executed'] as const;

export type ProcessOrigin = (typeof processOrigins)[number];

/**
 * What a thread of a process is about: a call on sockets, which the calls in flight tell, or something else.
 *
 * - `lock`: waits for another thread of its process; `shared lock`: perhaps for another process
 * - `running`: on a processor, or about to; `stopped`: by a signal or a debugger; `outside`: held outside of any call
 * - `hidden`: in a call that the kernel does not tell this user; `unread`: waits for descriptors that it does not tell
 * - `nothing`: waits for no descriptor at all; `restart`: goes on with a call that a signal interrupted
 * - `pipe`, `terminal`, `file`, `unix`: a call on such a descriptor; `ring`: io_uring
 */
export const threadDoings = [
  'call',
  'lock',
  'shared lock',
  'running',
  'stopped',
  'outside',
  'hidden',
  'unread',
  'nothing',
  'restart',
  'sleep',
  'child',
  'signal',
  'pipe',
  'terminal',
  'file',
  'unix',
  'ring',
  'unknown',
] as const;

export type ThreadDoing = (typeof threadDoings)[number];

/**
 * Why nothing certain is said of a wait: a signal's handler may end it; its process may act through an io_uring, whose calls
 * no thread is in; its timeouts could not be read; a descriptor is on its way between processes; its socket may be another than
 * the descriptor's, which was closed since; a child of it may not be looked at, and may have its sockets.
 */
export const doubts = [
  'SIGALRM',
  'SIGIO',
  'SIGCHLD',
  'timer',
  'io_uring',
  'timeouts',
  'in flight',
  'closed',
  'hidden child',
] as const;

export type Doubt = (typeof doubts)[number];

/**
 * A thread of a process by its name, `p1/4711`, and since when it is about that: ms since the session began. `timed`: it waits for a
 * lock no longer than it said.
 */
export type ThreadState = {
  readonly thread: string;
  readonly does: ThreadDoing;
  readonly since: number;
  readonly timed?: true;
};

export type ProcessState = {
  readonly actor: ProcessId;
  readonly pid: number;
  /** As ps names it. */
  readonly name: string;
  readonly args: readonly string[];
  /** Who forked it, '' where that is not known here. */
  readonly parent: ProcessId | '';
  readonly origin: ProcessOrigin;
  /** Its calls are told one by one, by a debugger's means, which makes it slower. */
  readonly traced: boolean;
  /** It is shown for what the bench's sockets are connected to: what it does stands in their rows, not beside what the bench does. */
  readonly aside?: true;
  readonly since: number;
  readonly threads: readonly ThreadState[];
  readonly ended: ProcessEnd | null;
};

/** How a process ended, as far as that was seen: `code` null and `signal` '' where it was only gone. */
export type ProcessEnd = { readonly at: number; readonly code: number | null; readonly signal: string };

/** Who has a socket open, and as which descriptor. Several may, after fork, dup and SCM_RIGHTS (unix(7)). */
export type Holder = { readonly actor: ProcessId; readonly fd: number };

export const threadName = (actor: ProcessId, tid: number): string => `${actor}/${tid}`;

/** The process that a thread is of; '' where its name is none of a process's thread, which the first letter tells of nearly all. */
export const processOfThread = (thread: string): ProcessId | '' =>
  thread[0] !== 'p'
    ? ''
    : ((/^(p[1-9]\d{0,8})\/[1-9]\d{0,9}$/.exec(thread)?.[1] as ProcessId | undefined) ?? '');

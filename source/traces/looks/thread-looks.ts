import { type SeenEnd, type ThreadKey, threadKey } from '../../core/model/looks.ts';
import { orElse, type ProcFiles } from '../proc/proc-files.ts';
import type { Processor } from '../proc/system-calls.ts';
import {
  isStopped,
  readThread,
  readThreads,
  runs,
  stoppedBySignal,
  type Thread,
} from '../proc/thread-reader.ts';
import { isFresh, type Standing, standingAfter, stands } from './standing.ts';

/** Where in stat(5) of proc a process's end stands, counted behind its name: as wait(2) has it. */
const statusField = 49;

/** How a process has ended, where nobody has waited for it yet. */
const endOf = (proc: ProcFiles, pid: number): SeenEnd => {
  const stat = orElse(proc.read(`${pid}/stat`), '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = Number(fields[statusField]);
  if (fields[0] !== 'Z' || !Number.isInteger(status)) return { pid, code: null, signal: 0 };
  const signal = status & 0x7f;
  return signal === 0 ? { pid, code: (status >> 8) & 0xff, signal } : { pid, code: null, signal };
};

/** Whether it runs, and none of its files says that a signal stops it. */
const justRuns = (thread: Thread): boolean =>
  thread.call.kind === 'running' && !isStopped(thread) && !thread.stopping;

/** A signal stops all threads of a process, and one that has had no processor since then shows nothing of it. */
const stoppedTogether = (threads: readonly Thread[]): readonly Thread[] => {
  if (!threads.some(({ state, stopping }) => state === stoppedBySignal || stopping)) return threads;
  return threads.map(thread => (thread.state === runs ? { ...thread, stopping: true } : thread));
};

/** What all threads of some processes stand in, look after look. */
export type ThreadLooks = {
  /** One more look, which began at `at`: who is no more, and who has gone on since the one before, `meet` adds to them. */
  readonly look: (
    pids: Iterable<number>,
    at: number,
  ) => {
    readonly ended: readonly SeenEnd[];
    readonly over: readonly ThreadKey[];
    readonly moved: ReadonlySet<string>;
  };
  /**
   * The threads of a process as they were read. One that stood, and seems to run, is read anew: a signal may be about to stop it, and
   * with it all others.
   */
  readonly settled: (threads: readonly Thread[]) => readonly Thread[];
  /** A thread that the look at `at` has read once more: if it was not known it is looked at from now on, a stop is remembered. */
  readonly meet: (thread: Thread, at: number) => void;
  /** What it stands in since two looks at least; undefined where it goes on. */
  readonly standing: (key: string) => Standing | undefined;
  /** Whether one has come into a call that a socket may end, and may stand in it at the next look. */
  readonly isFresh: () => boolean;
  /** All that stand, each as a text that is another where it stands in another call. */
  readonly standings: () => readonly string[];
};

/**
 * How often a thread that stood, and runs, is read again: a signal to stop that it has taken already is in none of its files until
 * it is stopped, which takes microseconds.
 */
const mostReadings = 3;

export const createThreadLooks = (proc: ProcFiles, processor: Processor): ThreadLooks => {
  const known = new Map<string, Standing>();
  let moved = new Set<string>();

  const readAgain = (thread: Thread): Thread => {
    const before = known.get(threadKey(thread));
    if (!before || !stands(before)) return thread;
    let now = thread;
    for (let n = 0; n < mostReadings && justRuns(now); n++)
      now = readThread(proc, thread.pid, thread.tid, processor) ?? now;
    return now;
  };

  const settled = (threads: readonly Thread[]) => stoppedTogether(threads.map(readAgain));

  const after = (thread: Thread, at: number): void => {
    const key = threadKey(thread);
    const before = known.get(key);
    const now = standingAfter(before, thread, at);
    known.set(key, now);
    if (now.since !== before?.since) moved.add(key);
  };

  /** Those whose thread is no more are forgotten. */
  const forget = (there: ReadonlySet<string>): ThreadKey[] => {
    const over: ThreadKey[] = [];
    for (const key of known.keys()) {
      if (there.has(key)) continue;
      known.delete(key);
      const [pid, tid] = key.split('/').map(Number) as [number, number];
      over.push({ pid, tid });
    }
    return over;
  };

  return {
    look: (pids, at) => {
      moved = new Set();
      const ended: SeenEnd[] = [];
      const there = new Set<string>();
      for (const pid of pids) {
        const threads = settled(readThreads(proc, pid, processor) ?? []);
        if (threads.length === 0) ended.push(endOf(proc, pid));
        for (const thread of threads) {
          there.add(threadKey(thread));
          after(thread, at);
        }
      }
      return { ended, over: forget(there), moved };
    },
    settled,
    meet: (thread, at) => {
      const isNew = !known.has(threadKey(thread));
      if (isNew || isStopped(thread) || thread.stopping) after(thread, at);
    },
    standing: key => {
      const one = known.get(key);
      return one && stands(one) ? one : undefined;
    },
    isFresh: () => [...known.values()].some(isFresh),
    standings: () =>
      [...known]
        .filter(([, one]) => stands(one))
        .map(([key, { words, since, stopped }]) => `${key} ${words} ${since} ${stopped}`),
  };
};

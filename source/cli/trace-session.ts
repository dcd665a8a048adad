import type { StdioOptions } from 'node:child_process';
import { realProc } from '../traces/real-proc.ts';
import { besideProc } from '../traces/strace/beside-proc.ts';
import { createMerge } from '../traces/strace/merge.ts';
import type { Moment } from '../traces/strace/moments.ts';
import type { TraceNames } from '../traces/strace/sockets.ts';
import type { Step } from '../traces/strace/steps.ts';
import { createTranslator } from '../traces/strace/translator.ts';
import type { Processor } from '../traces/system-calls.ts';
import { attachTraced, startTraced, type Traced } from './strace-program.ts';

/** Whom to trace: programs to start, each with its arguments, or processes that run. */
export type Whom =
  | { readonly kind: 'commands'; readonly commands: readonly (readonly string[])[] }
  | { readonly kind: 'pids'; readonly pids: readonly number[] };

export type HowEnded = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Programs under trace. */
export type TraceSession = {
  /** Those that were started or named, by number. */
  readonly roots: () => readonly number[];
  /** How those that were started have ended, in the order of the command line. */
  readonly ended: Promise<readonly HowEnded[]>;
  /** Nothing more comes: all programs have ended or were left. */
  readonly over: Promise<void>;
  /** Leaves them to themselves. */
  readonly leave: () => void;
};

/** How often moments that other streams held up are looked at, in ms. */
const mergeMs = 10;

/** A program that has called nothing for so long is at its place, in ms: the next one may need it there. */
const settledMs = 100;

/** The next program starts then at the latest, in ms. */
const longestStart = 2_000;

const count = (whom: Whom): number => (whom.kind === 'commands' ? whom.commands.length : 1);

/** Starts what is to be traced. Steps come in the order of their times. */
export const startSession = async (
  whom: Whom,
  bySeccomp: boolean,
  stdio: StdioOptions,
  names: TraceNames,
  tell: (steps: readonly Step[]) => void,
): Promise<TraceSession> => {
  const merge = createMerge(count(whom));
  const translator = createTranslator(besideProc(realProc, process.arch as Processor), names);
  const all: Traced[] = [];
  let timer: NodeJS.Timeout | undefined;
  let heard = Date.now();

  const pass = () => {
    clearTimeout(timer);
    timer = undefined;
    const steps = translator.take(merge.take(Date.now()));
    if (steps.length > 0) tell(steps);
    if (merge.size() > 0) timer = setTimeout(pass, mergeMs);
  };
  const listener = (stream: number) => (moments: readonly Moment[]) => {
    heard = Date.now();
    merge.add(stream, moments);
    // What other streams have said by now is read first: on a busy machine this one may be far ahead of them.
    if (count(whom) === 1) pass();
    else timer ??= setTimeout(pass, mergeMs);
  };
  const enter = (traced: Traced, stream: number, origin: 'started' | 'found') => {
    for (const pid of traced.pids) translator.add(pid, origin, Date.now());
    all.push(traced);
    void traced.over.then(() => {
      merge.close(stream);
      pass();
    });
  };
  /** Until the program has come to rest, or has ended. */
  const settled = async (traced: Traced) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const until = Date.now() + longestStart;
    const check = setInterval(() => {
      if (Date.now() > until || (traced.tracer() > 0 && Date.now() - heard > settledMs)) resolve();
    }, mergeMs);
    await Promise.race([promise, traced.ended]);
    clearInterval(check);
  };

  if (whom.kind === 'pids') enter(await attachTraced(whom.pids, listener(0)), 0, 'found');
  else {
    for (const [stream, command] of whom.commands.entries()) {
      const before = all.at(-1);
      if (before) await settled(before);
      enter(await startTraced(command, bySeccomp, stdio, listener(stream)), stream, 'started');
    }
  }

  return {
    roots: () => all.flatMap(({ pids }) => pids),
    ended: Promise.all(all.map(({ ended }) => ended)),
    over: Promise.all(all.map(({ over }) => over)).then(() => {}),
    leave: () => {
      for (const traced of all) traced.leave();
    },
  };
};

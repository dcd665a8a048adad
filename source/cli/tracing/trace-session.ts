import type { Printed } from '../../bench/processes/started-programs.ts';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';
import { besideProc } from '../../traces/strace/beside-proc.ts';
import { createMerge } from '../../traces/strace/merge.ts';
import type { Moment } from '../../traces/strace/moments.ts';
import type { Step } from '../../traces/strace/steps.ts';
import type { TraceNames } from '../../traces/strace/traced-sockets.ts';
import { createTranslator } from '../../traces/strace/translator.ts';
import type { Streams } from './program-streams.ts';
import { attachTraced, awaitTraced, startTraced, type Traced } from './strace-program.ts';
import { apart, type Heard, withPrinted } from './trace-heard.ts';
import type { Whom } from './trace-whom.ts';

export type HowEnded = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A program of another terminal that is about to be traced too. */
export type JoiningTrace = {
  /** Where its strace is to write. */
  readonly path: string;
  /** It has started, with this number. */
  readonly enter: (pid: number) => void;
  /** Whoever starts it has gone. */
  readonly left: () => void;
};

/** Programs under trace. */
export type TraceSession = {
  /** Those that were started or named, by number. */
  readonly roots: () => readonly number[];
  /** How those that were started have ended, in the order of the command line. */
  readonly ended: Promise<readonly HowEnded[]>;
  /** Nothing more comes: all programs have ended or were left, also those that have joined. */
  readonly over: Promise<void>;
  /** Leaves them to themselves. */
  readonly leave: () => void;
  readonly join: () => Promise<JoiningTrace>;
  /** Leaves those that have joined. */
  readonly leaveJoined: () => void;
};

/** How often moments that other streams held up are looked at, and calls of which not all was known, in ms. */
const mergeMs = 10;

/** A program that has called nothing for so long is at its place, in ms: the next one may need it there. */
const settledMs = 100;

/** The next program starts then at the latest, in ms. */
const longestStart = 2_000;

const count = (whom: Whom): number => (whom.kind === 'commands' ? whom.commands.length : 1);

export type SessionOptions = {
  readonly whom: Whom;
  readonly bySeccomp: boolean;
  /** What a program is given to read and print; `print` is to hear what it prints. */
  readonly streamsOf: (print: (printed: Printed) => void) => Promise<Streams>;
  /** Hears what the program that was started with this number has printed, in order with `tell`. */
  readonly printed: (printed: Printed, pid: number, at: number) => void;
  /** What strace says of its own failure to attach. */
  readonly trouble: (words: string) => void;
  /** No further program is to be started. */
  readonly unwanted?: AbortSignal;
  readonly names: TraceNames;
  readonly tell: (steps: readonly Step[]) => void;
  /** Its strace is at work, and its own child no more: only now the program is what looks find there. */
  readonly traced: (pid: number) => void;
  /** A strace has ended by itself, and all that it told has been told; whom it traced may go on. */
  readonly deserted: () => void;
};

/** Starts what is to be traced. Steps come in the order of their times. */
export const startSession = async (options: SessionOptions): Promise<TraceSession> => {
  const { whom, bySeccomp, names, tell } = options;
  const merge = createMerge<Heard>(count(whom));
  const translator = createTranslator(
    besideProc(realProc, process.arch as Processor, foreignSocketFacts()),
    names,
  );
  const all: Traced[] = [];
  let timer: NodeJS.Timeout | undefined;
  let heard = Date.now();
  let streams = count(whom);
  const joined: Pick<Traced, 'leave'>[] = [];
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  /** Streams from which something may come; one more until all were started. */
  let running = 1;
  const isOver = () => {
    running--;
    if (running === 0) end();
  };
  let leaves = false;
  const follow = (stream: number, until: Promise<void>) => {
    running++;
    void until.then(() => {
      merge.close(stream);
      pass();
      isOver();
      // What it told last is held up for others' sake until then.
      if (!leaves) setTimeout(options.deserted, settledMs).unref();
    });
  };

  const tellAll = (steps: readonly Step[]) => {
    if (steps.length > 0) tell(steps);
  };
  const pass = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const heard of apart(merge.take(Date.now()))) {
      if (!('what' in heard)) tellAll(translator.take(heard));
      else for (const printed of heard.what()) options.printed(printed, heard.pid(), heard.at);
    }
    if (merge.size() > 0 || translator.owes()) timer = setTimeout(pass, mergeMs);
  };
  const listener = (stream: number) => (moments: readonly Heard[]) => {
    heard = Date.now();
    merge.add(stream, moments);
    // What other streams have said by now is read first: on a busy machine this one may be far ahead of them.
    if (streams > 1) timer ??= setTimeout(pass, mergeMs);
    // What was written is in its pipe by now, and read in this same turn of the event loop.
    else if (moments.some(each => 'what' in each)) setImmediate(pass);
    else pass();
  };
  const enter = (traced: Traced, stream: number, origin: 'started' | 'found') => {
    for (const pid of traced.pids) translator.add(pid, origin, Date.now());
    all.push(traced);
    follow(stream, traced.over);
  };
  /** Until the program has come to rest, or has ended. */
  const settled = async (traced: Traced) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const until = Date.now() + longestStart;
    const check = setInterval(() => {
      if (Date.now() > until || (traced.tracer() > 0 && Date.now() - heard > settledMs)) resolve();
    }, mergeMs);
    options.unwanted?.addEventListener('abort', () => resolve(), { once: true });
    await Promise.race([promise, traced.ended]);
    clearInterval(check);
  };

  /** A listener that besides says when it hears something for the first time. */
  const firstHeard = (stream: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listen = listener(stream);
    const hear = (moments: readonly Heard[]) => {
      listen(moments);
      resolve();
    };
    return { hear, heard: promise };
  };

  const begin = async (command: readonly string[], stream: number) => {
    let pid = 0;
    const pidOf = () => pid;
    // Printed by whoever strace does not tell of, or no more.
    const streams = await options.streamsOf(printed => {
      merge.add(stream, [{ at: merge.reached(stream) ?? Date.now(), pid: pidOf, what: () => [printed] }]);
      pass();
    });
    const { hear, heard } = firstHeard(stream);
    const hearAll = (moments: readonly Moment[]) => hear(withPrinted(moments, streams, pidOf));
    const traced = await startTraced(command, bySeccomp, streams, hearAll);
    pid = traced.pids[0] ?? 0;
    streams.given();
    enter(traced, stream, 'started');
    void heard.then(() => options.traced(pid));
  };

  if (whom.kind === 'pids') {
    const traced = await attachTraced(whom.pids, listener(0), options.trouble);
    enter(traced, 0, 'found');
    traced.pids.forEach(options.traced);
  } else {
    for (const [stream, command] of whom.commands.entries()) {
      const before = all.at(-1);
      if (before) await settled(before);
      if (!options.unwanted?.aborted) await begin(command, stream);
    }
  }

  isOver();

  const join = async (): Promise<JoiningTrace> => {
    const stream = merge.open();
    streams++;
    const { hear, heard } = firstHeard(stream);
    const { path, enter: enterPipe, left } = await awaitTraced(hear);
    let entered = false;
    return {
      path,
      enter: pid => {
        entered = true;
        translator.add(pid, 'started', Date.now());
        const traced = enterPipe(pid);
        joined.push(traced);
        void heard.then(() => options.traced(pid));
        follow(stream, traced.over);
        // Told now: else looks would tell of the strace that it still is.
        pass();
      },
      left: () => {
        left();
        if (!entered) merge.close(stream);
      },
    };
  };

  return {
    roots: () => all.flatMap(({ pids }) => pids),
    ended: Promise.all(all.map(({ ended }) => ended)),
    over,
    leave: () => {
      leaves = true;
      for (const traced of [...all, ...joined]) traced.leave();
    },
    join,
    leaveJoined: () => {
      leaves = true;
      for (const traced of joined) traced.leave();
    },
  };
};

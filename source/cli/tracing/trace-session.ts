import type { Printed } from '../../bench/processes/started-programs.ts';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';
import { besideProc } from '../../traces/strace/beside-proc.ts';
import type { Moment } from '../../traces/strace/moments.ts';
import type { Step } from '../../traces/strace/steps.ts';
import type { TraceNames } from '../../traces/strace/traced-sockets.ts';
import { createTranslator, type Translator } from '../../traces/strace/translator.ts';
import type { Streams } from './program-streams.ts';
import { attachTraced, awaitTraced, startTraced, type Traced } from './strace-program.ts';
import { withPrinted } from './trace-heard.ts';
import { TraceStreams } from './trace-streams.ts';
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

/** How often a program that was started is looked at, in ms. */
const lookMs = 10;

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

/** What the parts of a session share. */
type Shared = {
  readonly options: SessionOptions;
  readonly translator: Translator;
  readonly streams: TraceStreams;
};

/** Until the program has come to rest, or has ended. */
const settled = async (traced: Traced, { options, streams }: Shared): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const until = Date.now() + longestStart;
  const check = setInterval(() => {
    if (Date.now() > until || (traced.tracer() > 0 && Date.now() - streams.lastHeard() > settledMs))
      resolve();
  }, lookMs);
  options.unwanted?.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([promise, traced.ended]);
  clearInterval(check);
};

const enter = (
  traced: Traced,
  stream: number,
  { translator, streams }: Shared,
  origin: 'started' | 'found',
) => {
  for (const pid of traced.pids) translator.add(pid, origin, Date.now());
  streams.follow(stream, traced.over);
};

const begin = async (command: readonly string[], stream: number, shared: Shared): Promise<Traced> => {
  const { options, streams } = shared;
  let pid = 0;
  const pidOf = () => pid;
  const own = await options.streamsOf(printed => streams.print(stream, pidOf, printed));
  const { hear, heard } = streams.firstHeard(stream);
  const hearAll = (moments: readonly Moment[]) => hear(withPrinted(moments, own, pidOf));
  const traced = await startTraced(command, options.bySeccomp, own, hearAll);
  pid = traced.pids[0] ?? 0;
  own.given();
  enter(traced, stream, shared, 'started');
  void heard.then(() => options.traced(pid));
  return traced;
};

const attach = async (pids: readonly number[], shared: Shared): Promise<Traced> => {
  const { options, streams } = shared;
  const traced = await attachTraced(pids, moments => streams.hear(0, moments), options.trouble);
  enter(traced, 0, shared, 'found');
  traced.pids.forEach(options.traced);
  return traced;
};

/** Starts one program after the other, each once the one before is at its place; `all` gets them as they come. */
const beginAll = async (commands: readonly (readonly string[])[], shared: Shared, all: Traced[]) => {
  for (const [stream, command] of commands.entries()) {
    const before = all.at(-1);
    if (before) await settled(before, shared);
    if (!shared.options.unwanted?.aborted) all.push(await begin(command, stream, shared));
  }
};

/** A stream more, for a program of another terminal; `joined` gets it once it has started. */
const join = async (
  { options, translator, streams }: Shared,
  joined: Pick<Traced, 'leave'>[],
): Promise<JoiningTrace> => {
  const stream = streams.open();
  const { hear, heard } = streams.firstHeard(stream);
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
      streams.follow(stream, traced.over);
      // Told now: else looks would tell of the strace that it still is.
      streams.pass();
    },
    left: () => {
      left();
      if (!entered) streams.close(stream);
    },
  };
};

/** Starts what is to be traced. Steps come in the order of their times. */
export const startSession = async (options: SessionOptions): Promise<TraceSession> => {
  const { whom, names, tell, printed } = options;
  const beside = besideProc(realProc, process.arch as Processor, foreignSocketFacts());
  const translator = createTranslator(beside, names);
  const all: Traced[] = [];
  const joined: Pick<Traced, 'leave'>[] = [];
  let leaves = false;
  const leave = (whom: readonly Pick<Traced, 'leave'>[]) => {
    leaves = true;
    for (const traced of whom) traced.leave();
  };
  // What a strace told last is held up for others' sake until then.
  const ended = () => {
    if (!leaves) setTimeout(options.deserted, settledMs).unref();
  };
  const streams = new TraceStreams({ count: count(whom), translator, tell, printed, ended });
  const shared: Shared = { options, translator, streams };
  if (whom.kind === 'pids') all.push(await attach(whom.pids, shared));
  else await beginAll(whom.commands, shared, all);
  streams.allStarted();
  return {
    roots: () => all.flatMap(({ pids }) => pids),
    ended: Promise.all(all.map(({ ended }) => ended)),
    over: streams.over,
    leave: () => leave([...all, ...joined]),
    join: () => join(shared, joined),
    leaveJoined: () => leave(joined),
  };
};

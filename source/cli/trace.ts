import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { createTeller } from '../bench/seen-entries.ts';
import { createToldSource, type ToldSource } from '../bench/told-source.ts';
import type { ProcessId } from '../core/process.ts';
import { parseDuration } from '../core/units.ts';
import { reportLines } from '../traces/report-text.ts';
import type { Step } from '../traces/strace/steps.ts';
import { openLines } from './line-file.ts';
import { complain } from './print.ts';
import { startRecording } from './recording.ts';
import { checkStrace, processTrouble, programTrouble } from './strace-check.ts';
import { printTrace } from './trace-log.ts';
import { type HowEnded, startSession, type TraceSession, type Whom } from './trace-session.ts';
import { createTraced, createTraceTeller } from './trace-teller.ts';
import { seenNow } from './trace-verdicts.ts';

export type TraceFlags = {
  /** --no-screen makes it false. */
  readonly screen: boolean;
  readonly pid?: readonly string[];
  readonly timeout?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly record?: string;
};

const badInput = 2;
const deadlocked = 3;
const timedOut = 124;

/** How long a program may take to end after SIGTERM, in ms. */
const graceMs = 2_000;

/** A signal that came from the terminal reaches the programs too: so long is waited to see it there, in ms. */
const seenMs = 100;

/** `CMD ARG... -- CMD ARG...` */
const commandsOf = (words: readonly string[]): string[][] => {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word === '--') commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.filter(command => command.length > 0);
};

const whomOf = (words: readonly string[], { pid = [] }: TraceFlags): Whom | string => {
  const commands = commandsOf(words);
  if (pid.length > 0 && commands.length > 0) return '-p PID and a command exclude each other: leave one out';
  if (pid.length === 0 && commands.length === 0)
    return 'whom? sockbench trace --no-screen -- COMMAND ARGUMENT..., or -p PID';
  const trouble = pid.length > 0 ? pid.map(processTrouble) : commands.map(([name]) => programTrouble(name!));
  const first = trouble.find(one => one !== null);
  if (first) return first;
  return pid.length > 0 ? { kind: 'pids', pids: pid.map(Number) } : { kind: 'commands', commands };
};

const statusOf = ({ code, signal }: HowEnded): number =>
  code ?? 128 + (signal ? constants.signals[signal] : 0);

/** Who lives, and which signals reached whom: both are told by what is traced. */
const createLiving = () => {
  const pids = new Map<ProcessId, number>();
  const heard = new Map<string, number>();
  return {
    take: (steps: readonly Step[]) => {
      for (const step of steps) {
        if (step.kind === 'process') pids.set(step.actor, step.pid);
        else if (step.kind === 'gone') pids.delete(step.actor);
        else if (step.kind === 'signal') heard.set(step.signal, Date.now());
      }
    },
    pids: () => [...pids.values()],
    heardSince: (signal: string, since: number) => (heard.get(signal) ?? 0) >= since,
  };
};

type Living = ReturnType<typeof createLiving>;

const send = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in this moment.
    }
  }
};

const forwarded: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** Hands signals on to the programs; processes that were found running are left alone, and only the trace of them ends. */
const onSignals = (session: TraceSession, whom: Whom, living: Living) => {
  let last: NodeJS.Signals | null = null;
  const hear = async (signal: NodeJS.Signals) => {
    last = signal;
    if (whom.kind === 'pids') return session.leave();
    const roots = session.roots().filter(pid => living.pids().includes(pid));
    if (roots.length === 0) return session.leave();
    const since = Date.now() - seenMs;
    await pause(seenMs);
    if (!living.heardSince(signal, since)) send(roots, signal);
  };
  const listeners = forwarded.map(signal => {
    const listener = () => void hear(signal);
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return {
    last: () => last,
    stop: () => {
      for (const off of listeners) off();
    },
  };
};

/** The time is over: says why they hang, and ends what was started here. */
const giveUp = async (session: TraceSession, { whom, json, print }: Run, living: Living): Promise<number> => {
  const seen = await seenNow(living.pids());
  if (!json) print(reportLines(seen).join('\n'));
  const isDeadlock = seen.knots.some(({ kind }) => kind === 'deadlock');
  if (whom.kind === 'pids') session.leave();
  else {
    send(living.pids(), 'SIGTERM');
    const timer = setTimeout(() => send(living.pids(), 'SIGKILL'), graceMs);
    await session.over;
    clearTimeout(timer);
  }
  return isDeadlock ? deadlocked : timedOut;
};

/** What the flags say, once they are read. */
type Run = {
  readonly whom: Whom;
  readonly bySeccomp: boolean;
  /** ms; null: none. */
  readonly timeout: number | null;
  readonly json: boolean;
  readonly print: (line: string) => void;
};

type Source = ToldSource<'trace'>;

/** Starts them, and hands everybody what they do. */
const startAll = async ({ whom, bySeccomp, print }: Run, source: Source) => {
  const living = createLiving();
  const { traced, names } = createTraced();
  const teller = createTraceTeller(source, traced);
  const session = await startSession(whom, bySeccomp, 'inherit', names, steps => {
    living.take(steps);
    teller(steps);
  });
  // A thread of its own, which runs the very file: it is loaded by itself.
  const { startLooker } = await import('./look-worker.ts');
  const looker = startLooker(session.roots(), error => print(`looks have ended: ${error.message}`));
  const { began, now } = source;
  looker.start(createTeller({ entry: source.tell, nextId: names.nextId, began, now, traced }));
  return { living, looker, session };
};

const inLines = async (run: Run, source: Source): Promise<number> => {
  const { whom, timeout } = run;
  const limit = new AbortController();
  const late = timeout === null ? null : pause(timeout, 'late' as const, { signal: limit.signal });
  late?.catch(() => {});
  const { living, looker, session } = await startAll(run, source);
  const signals = onSignals(session, whom, living);
  const over = session.over.then(() => 'over' as const);
  try {
    if ((await Promise.race(late ? [over, late] : [over])) === 'late')
      return await giveUp(session, run, living);
    const ended = await session.ended;
    const last = signals.last();
    if (whom.kind === 'pids' && last !== null) return 128 + constants.signals[last];
    return ended.map(statusOf).find(code => code !== 0) ?? 0;
  } finally {
    limit.abort();
    looker.stop();
    signals.stop();
  }
};

/** `sockbench trace --no-screen`: every socket call of programs, as lines. Answers the exit status. */
export const runTrace = async (words: readonly string[], flags: TraceFlags): Promise<number> => {
  const refuse = (why: string): number => {
    complain(`sockbench trace: ${why}`);
    return badInput;
  };
  if (flags.screen) return refuse('it has no screen: sockbench trace --no-screen -- COMMAND ARGUMENT...');
  const timeout = flags.timeout === undefined ? null : parseDuration(flags.timeout);
  if (timeout !== null && !timeout.ok) return refuse(`--timeout: ${timeout.message}`);
  const check = checkStrace();
  if (!check.ok) return refuse(check.message);
  const whom = whomOf(words, flags);
  if (typeof whom === 'string') return refuse(whom);
  const lines =
    flags.output === undefined ? { print: complain, close: async () => {} } : await openLines(flags.output);
  if (typeof lines === 'string') return refuse(lines);
  const source = createToldSource('trace');
  const recording = flags.record === undefined ? null : await startRecording(source, flags.record);
  if (typeof recording === 'string') return refuse(recording);
  const json = flags.json ?? false;
  printTrace(source, json, lines.print);
  const run: Run = {
    whom,
    bySeccomp: check.bySeccomp,
    timeout: timeout?.value ?? null,
    json,
    print: lines.print,
  };
  try {
    return await inLines(run, source);
  } finally {
    await source.dispose();
    await recording?.stop();
    await lines.close();
  }
};

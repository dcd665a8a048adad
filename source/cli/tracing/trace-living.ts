import type { ProcessId } from '../../core/model/process.ts';
import type { Step, StepOf } from '../../traces/strace/steps.ts';

/** How long programs may take to end after the newest SIGTERM, in ms. */
const graceMs = 2_000;

/** How often it is looked whether one more was told of, in ms. */
const askMs = 50;

export const send = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in this moment.
    }
  }
};

/** Asked of the machine: where strace was killed, nobody tells of an end. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Who lives, and which signals reached whom: both are told by what is traced. */
export const createLiving = () => {
  const pids = new Map<ProcessId, number>();
  const heard = new Map<string, number>();
  /** Those that have joined, and their children. */
  const joined = new Set<number>();
  const others = new Set<ProcessId>();
  const left = new Set<ProcessId>();
  const started = new Set<ProcessId>();
  const meet = ({ actor, pid, parent, origin }: StepOf<'process'>): void => {
    pids.set(actor, pid);
    if (origin === 'started') started.add(actor);
    if (joined.has(pid) || (parent !== '' && others.has(parent))) others.add(actor);
  };
  const own = () => [...pids].filter(([actor]) => !others.has(actor));
  return {
    /** One that is not this trace's to end. */
    join: (pid: number) => void joined.add(pid),
    take: (steps: readonly Step[]) => {
      for (const step of steps) {
        if (step.kind === 'process') meet(step);
        else if (step.kind === 'gone') pids.delete(step.actor);
        else if (step.kind === 'left') left.add(step.actor);
        else if (step.kind === 'signal') heard.set(step.signal, Date.now());
      }
    },
    pids: () => [...pids.values()],
    /** Those that are told of still, by number. */
    told: () => [...pids].filter(([actor]) => !left.has(actor)),
    /** Those that this trace has started, and their children. */
    own: () => own().map(([, pid]) => pid),
    /** Those of the command line alone. */
    started: () =>
      own()
        .filter(([actor]) => started.has(actor))
        .map(([, pid]) => pid),
    heardSince: (signal: string, since: number) => (heard.get(signal) ?? 0) >= since,
  };
};

export type Living = ReturnType<typeof createLiving>;

/**
 * Ends what was started here, in the end by SIGKILL. What was only just started is told of later, and asked then; what the programs
 * start in order to end is left alone.
 */
export const endThem = async ({ own, started }: Living, over: Promise<unknown>): Promise<void> => {
  const asked = new Set<number>();
  let killing: NodeJS.Timeout | undefined;
  const ask = (pids: readonly number[]) => {
    const more = pids.filter(pid => !asked.has(pid));
    if (more.length === 0) return;
    for (const pid of more) asked.add(pid);
    send(more, 'SIGTERM');
    clearInterval(killing);
    killing = setInterval(() => send(own(), 'SIGKILL'), graceMs);
  };
  ask(own());
  const asking = setInterval(() => ask(started()), askMs);
  await over;
  clearInterval(asking);
  clearInterval(killing);
};

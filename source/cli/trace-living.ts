import type { ProcessId } from '../core/process.ts';
import type { Step } from '../traces/strace/steps.ts';

/** How long a program may take to end after SIGTERM, in ms. */
const graceMs = 2_000;

export const send = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in this moment.
    }
  }
};

/** Who lives, and which signals reached whom: both are told by what is traced. */
export const createLiving = () => {
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

export type Living = ReturnType<typeof createLiving>;

/** Ends them, in the end by SIGKILL. */
export const endThem = async (pids: () => readonly number[], over: Promise<unknown>): Promise<void> => {
  send(pids(), 'SIGTERM');
  const timer = setTimeout(() => send(pids(), 'SIGKILL'), graceMs);
  await over;
  clearTimeout(timer);
};

import { setTimeout as pause } from 'node:timers/promises';
import { type Living, send } from './trace-living.ts';
import type { TraceSession } from './trace-session.ts';
import type { Whom } from './trace-whom.ts';

/** A signal that came from the terminal reaches the programs too: so long is waited to see it there, in ms. */
const seenMs = 100;

const forwarded: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** Hands signals on to the programs; processes that were found running are left alone, and only the trace of them ends. */
export const handOnSignals = (session: TraceSession, whom: Whom, living: Living) => {
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

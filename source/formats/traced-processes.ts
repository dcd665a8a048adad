import type { Entry } from '../core/model/entry.ts';

/** Processes whose calls were told one by one, with their bytes. */
export const tracedProcesses = (entries: readonly Entry[]): ReadonlySet<string> => {
  const traced = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'process' && entry.traced) traced.add(entry.actor);
    if (entry.kind !== 'checkpoint') continue;
    for (const process of entry.state.processes.values()) if (process.traced) traced.add(process.actor);
  }
  return traced;
};

import { formatFaults } from '../../core/language/fault-text.ts';
import { plural } from '../../core/language/units.ts';
import type { Entry } from '../../core/model/entry.ts';
import { isOff } from '../../core/model/faults.ts';

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

/**
 * That faults were set in a session, in a sentence; '' where none were. What they let through are calls like any other, which an
 * export has as they were made; of what they dropped there is none.
 */
export const faultWords = (entries: readonly Entry[]): string => {
  const set = new Set<string>();
  let missing = 0;
  for (const entry of entries) {
    if (entry.kind === 'faults' && !isOff(entry.faults))
      set.add(`${entry.socket} ${formatFaults(entry.faults)}`);
    if (entry.kind === 'fault' && entry.did === 'dropped') missing++;
  }
  if (set.size === 0) return '';
  const dropped =
    missing === 0
      ? ''
      : `, which ${plural(missing, 'dropped datagram')} ${missing === 1 ? 'is' : 'are'} not among`;
  return `Faults were on (${[...set].join('; ')}): the calls are those that they let through${dropped}.`;
};

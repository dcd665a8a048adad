import type { Doubt } from '../../core/model/process.ts';
import { isLoose } from '../looks/loose-sockets.ts';
import type { Machine } from '../proc/machine.ts';
import type { Wait } from './thread-waits.ts';

/**
 * Why nothing certain can be said of a wait that is to be put together with those of this program, whose own threads no look sees as
 * calls; null where there is no reason. `before`: the whole look before this one.
 */
export const doubtOf = (before: Machine | null, machine: Machine, wait: Wait): Doubt | null => {
  const { thread, deadline, doubt } = wait;
  if (doubt) return doubt;
  if (deadline && deadline.by !== 'SYN' && deadline.ms === null) return 'timeouts';
  if (machine.hasHidden(thread.pid)) return 'hidden child';
  if (machine.inFlight()) return 'in flight';
  return isLoose(before ?? machine, machine, wait) ? 'closed' : null;
};

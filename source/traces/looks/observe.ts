import type { Machine } from '../proc/machine.ts';
import { gatherWaits, type Waits, withPeers } from '../verdict/gather.ts';
import { type Actor, type Knot, knotsOf, steadyKnots } from '../verdict/knots.ts';
import { withLooseSockets } from './loose-sockets.ts';

/** What was seen of some processes: the newest look, and what stood in it and in the one before. `looks` were taken. */
export type Observed = {
  readonly machine: Machine;
  readonly pids: readonly number[];
  readonly waits: Waits;
  readonly knots: readonly Knot[];
  readonly looks: number;
};

export type Look = Pick<Observed, 'machine' | 'waits' | 'knots'>;

/** What moves after so many looks is no deadlock. */
const mostLooks = 6;

/** A descriptor on its way belongs to no process that could be seen: whoever takes it may act. */
const withFlights = (machine: Machine, knot: Knot): Knot => {
  if (knot.kind !== 'deadlock' || !machine.inFlight()) return knot;
  const actor: Actor = { id: knot.cycle[0]!, doubt: 'in flight' };
  return { kind: 'suspected', cycle: knot.cycle, actors: [actor] };
};

/** One look: what all that are concerned wait for, and who seems to wait for each other. */
export const takeLook = (machine: Machine, pids: readonly number[]): Look => {
  const whom = withPeers(machine, pids);
  const waits = gatherWaits(machine, whom);
  return { machine, waits, knots: knotsOf(machine, waits, whom).map(knot => withFlights(machine, knot)) };
};

/**
 * Looks at these processes, and where some wait for each other again, a moment later, until two looks agree. `again` resolves
 * with the next look once that moment has gone by.
 */
export const observe = async (
  first: Machine,
  pids: readonly number[],
  again: () => Promise<Machine>,
): Promise<Observed> => {
  let look = takeLook(first, pids);
  let steady: readonly Knot[] = [];
  let looks = 1;
  while (look.knots.length > 0 && looks < mostLooks) {
    const next = takeLook(await again(), pids);
    looks++;
    const { machine } = look;
    steady = steadyKnots(look, next).map(knot => withLooseSockets(machine, next.machine, next.waits, knot));
    look = next;
    if (steady.length === next.knots.length) break;
  }
  return { ...look, pids, knots: steady, looks };
};

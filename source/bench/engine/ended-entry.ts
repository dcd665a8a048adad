import type { Outcome } from '../../core/calls/outcome.ts';
import { Ended } from '../../core/model/ended.ts';
import type { Flight } from './flight.ts';

/** How a flight ended, at `t`; `seen`: the journal had been told of it before. */
export const endedEntry = (flight: Flight, outcome: Outcome, seen: boolean, t: number): Ended => {
  const { rule, repeat, options } = flight;
  const entry = new Ended(0, t, flight, outcome, seen);
  if (rule !== undefined) entry.rule = rule;
  if (repeat !== undefined) entry.repeat = repeat;
  if (options.mate !== undefined) entry.mate = options.mate;
  if (options.sender) entry.sender = options.sender;
  return entry;
};

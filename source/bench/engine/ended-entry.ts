import type { Outcome } from '../../core/calls/outcome.ts';
import { Ended } from '../../core/model/ended.ts';
import type { Flight } from './flight.ts';

/** How a flight ended, at `t`. */
export const endedEntry = (flight: Flight, outcome: Outcome, t: number): Ended => {
  const { rule, repeat, options } = flight;
  const entry = new Ended(0, t, flight, outcome, flight.seen !== 'nothing');
  if (rule !== undefined) entry.rule = rule;
  if (repeat !== undefined) entry.repeat = repeat;
  if (options.mate !== undefined) entry.mate = options.mate;
  if (options.sender) entry.sender = options.sender;
  return entry;
};

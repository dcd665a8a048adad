import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import type { Flight } from './flight.ts';

/** How a flight ended, at `t`; `seen`: the journal had been told of it before. */
export const endedEntry = (flight: Flight, outcome: Outcome, seen: boolean, t: number): EndedEntry => {
  const { id, actor, call, thread, queuedAt, inside, looped, startedAt, rule, repeat, options } = flight;
  // All that an entry will ever have is in the literal: what is added later is kept in an object of its own.
  const entry: EndedEntry = {
    kind: 'ended',
    n: 0,
    t,
    prev: 0,
    by: undefined,
    wakes: undefined,
    id,
    actor,
    call,
    thread,
    queuedAt,
    inside,
    looped,
    startedAt,
    outcome,
    seen,
  };
  if (rule !== undefined) entry.rule = rule;
  if (repeat !== undefined) entry.repeat = repeat;
  if (options.mate !== undefined) entry.mate = options.mate;
  if (options.sender) entry.sender = options.sender;
  return entry;
};

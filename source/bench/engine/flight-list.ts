import type { Flight } from './flight.ts';

/**
 * Calls in flight, in the order in which they were made. No Map, which at 100,000 calls a second outgrows its table all the time: V8
 * links each table with the next (OrderedHashTable::Rehash), so that one which has survived a collection keeps all that come after
 * it, and the calls in them, until the next full one.
 */
export class FlightList {
  private first: Flight | null = null;
  private last: Flight | null = null;

  add(flight: Flight): void {
    const { last } = this;
    flight.before = last;
    if (last) last.after = flight;
    else this.first = flight;
    this.last = flight;
  }

  remove(flight: Flight): void {
    const { before, after } = flight;
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
    flight.before = null;
    flight.after = null;
  }

  /** Looked for from the oldest on: for a person, not for every call. */
  get(id: number): Flight | undefined {
    for (let flight = this.first; flight; flight = flight.after) if (flight.id === id) return flight;
    return undefined;
  }

  /** Those that the condition holds for. */
  filter(holds: (flight: Flight) => boolean): Flight[] {
    const found: Flight[] = [];
    for (let flight = this.first; flight; flight = flight.after) if (holds(flight)) found.push(flight);
    return found;
  }
}

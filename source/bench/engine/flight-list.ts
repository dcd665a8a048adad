import type { Flight } from './flight.ts';

/** So many calls find their place among the ids before there have to be more. */
const leastPlaces = 64;

/**
 * Calls in flight, by id and in the order in which they were made. No Map, which at 100,000 calls a second outgrows its table all the
 * time: V8 links each table with the next (OrderedHashTable::Rehash), so that one which has survived a collection keeps all that come
 * after it, and the calls in them, until the next full one.
 */
export class FlightList {
  private first: Flight | null = null;
  private last: Flight | null = null;
  private count = 0;
  /** By the low bits of the id: the newest that has them, and behind it the others. */
  private places: (Flight | null)[] = new Array(leastPlaces).fill(null);

  add(flight: Flight): void {
    const { last } = this;
    flight.before = last;
    if (last) last.after = flight;
    else this.first = flight;
    this.last = flight;
    if (++this.count > this.places.length) this.grow();
    else this.place(flight);
  }

  remove(flight: Flight): void {
    const { before, after } = flight;
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
    this.count--;
    this.displace(flight);
    flight.before = null;
    flight.after = null;
    flight.behind = null;
  }

  get(id: number): Flight | undefined {
    let flight: Flight | null = this.places[this.placeOf(id)]!;
    while (flight && flight.id !== id) flight = flight.behind;
    return flight ?? undefined;
  }

  /** Those that the condition holds for. */
  filter(holds: (flight: Flight) => boolean): Flight[] {
    const found: Flight[] = [];
    for (let flight = this.first; flight; flight = flight.after) if (holds(flight)) found.push(flight);
    return found;
  }

  private placeOf(id: number): number {
    return id & (this.places.length - 1);
  }

  private place(flight: Flight): void {
    const at = this.placeOf(flight.id);
    flight.behind = this.places[at]!;
    this.places[at] = flight;
  }

  private displace(flight: Flight): void {
    const at = this.placeOf(flight.id);
    let one: Flight | null = this.places[at]!;
    if (one === flight) this.places[at] = flight.behind;
    else {
      while (one && one.behind !== flight) one = one.behind;
      if (one) one.behind = flight.behind;
    }
  }

  private grow(): void {
    this.places = new Array(2 * this.places.length).fill(null);
    for (let flight = this.first; flight; flight = flight.after) this.place(flight);
  }
}

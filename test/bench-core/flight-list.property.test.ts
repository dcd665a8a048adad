import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Flight } from '../../source/bench/engine/flight.ts';
import { FlightList } from '../../source/bench/engine/flight-list.ts';

const flightOf = (id: number) => new Flight(id, { name: 'recv', on: 'c1', size: 1 }, 0, {});

/** Calls that are made (ids go on from any number) and, by their place among those in flight, ended. */
const scripts = fc.array(fc.oneof(fc.constant('make' as const), fc.nat(400)), { maxLength: 600 });

it('has the calls in flight by their ids and in their order, however many come and go', () => {
  fc.assert(
    fc.property(scripts, fc.constantFrom(1, 2 ** 31 - 100, 2 ** 32 - 100, 2 ** 40), (script, from) => {
      const list = new FlightList();
      const model = new Map<number, Flight>();
      let id = from;
      for (const step of script) {
        if (step === 'make') {
          const flight = flightOf(++id);
          list.add(flight);
          model.set(id, flight);
        } else if (model.size > 0) {
          const flight = [...model.values()][step % model.size]!;
          list.remove(flight);
          model.delete(flight.id);
        }
      }
      expect(list.filter(() => true).map(flight => flight.id)).toEqual([...model.keys()]);
      for (let each = from; each <= id + 1; each++) expect(list.get(each)).toBe(model.get(each));
    }),
  );
});

it('finds one of many without going through the others', () => {
  const list = new FlightList();
  const flights = Array.from({ length: 10_000 }, (_, at) => flightOf(at + 1));
  let looks = 0;
  for (const flight of flights) {
    const { id } = flight;
    const get = () => {
      looks++;
      return id;
    };
    Object.defineProperty(flight, 'id', { get });
    list.add(flight);
  }
  looks = 0;
  for (const { id } of flights.toReversed()) list.get(id);
  // One look here, and one or two there.
  expect(looks).toBeLessThanOrEqual(3 * flights.length);
});

import type { Flight } from './flight.ts';

/** Calls that the driver is not ready for yet; nobody sees them before. */
export type Preparing = { readonly enter: (flight: Flight) => void };

/** Calls on sockets, and the one that makes them: what comes next may be on what it makes. Of a look-up an answer is all that comes. */
const isInLine = ({ spec }: Flight): boolean => spec.waits !== 'answer';

/**
 * `ready` gets each flight once its driver is prepared, at once where it is already. Calls on sockets keep their order:
 * while one waits, those that come after it wait behind it. The module's look-ups have no order to keep.
 */
export const createPreparing = (
  prepare: (flight: Flight) => Promise<void> | null,
  ready: (flight: Flight, waited: boolean) => void,
): Preparing => {
  const line: Flight[] = [];
  /** The line is being worked off, or waits for what its first needs. */
  let advancing = false;

  const advance = () => {
    for (let first = line[0]; first; first = line[0]) {
      const preparation = first.ended ? null : prepare(first);
      if (preparation) return void preparation.then(advance);
      line.shift();
      if (!first.ended) ready(first, true);
    }
    advancing = false;
  };

  const alone = (flight: Flight, preparation: Promise<void>) => {
    void preparation.then(() => {
      const more = flight.ended ? null : prepare(flight);
      if (more) alone(flight, more);
      else if (!flight.ended) ready(flight, true);
    });
  };

  return {
    enter: flight => {
      const inLine = isInLine(flight);
      if (inLine && advancing) return void line.push(flight);
      const preparation = prepare(flight);
      if (!preparation) return ready(flight, false);
      if (!inLine) return alone(flight, preparation);
      advancing = true;
      line.push(flight);
      void preparation.then(advance);
    },
  };
};

import type { Running } from '../../core/calls/driver.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Start } from './lock.ts';
import type { Report } from './report.ts';

/** One call that is made of others, one after the other. */
export type Chain = {
  /** Makes the next one and goes on with its outcome. */
  readonly next: (start: Start, then: (outcome: Outcome) => void) => void;
  readonly end: (outcome: Outcome) => void;
};

/** `begin` makes the first; `finish` is called once where the whole is stopped. */
export const runChain = (
  report: Report,
  begin: (chain: Chain) => void,
  finish: () => void = () => {},
): Running | null => {
  let current: Running | null = null;
  let over = false;
  const chain: Chain = {
    next: (start, then) => {
      let ended = false;
      const running = start(outcome => {
        ended = true;
        current = null;
        if (!over) then(outcome);
      });
      if (!ended) current = running;
    },
    end: outcome => {
      over = true;
      report(outcome);
    },
  };
  begin(chain);
  if (over) return null;
  return {
    taken: () => current?.taken() ?? 0,
    stop: reason => {
      over = true;
      const count = current?.stop(reason) ?? 0;
      finish();
      return count;
    },
  };
};

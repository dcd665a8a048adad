import type { Running } from '../../core/calls/driver.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { TcpEnd } from './ends.ts';
import type { Report } from './report.ts';
import { cancelled, failureOf } from './status.ts';

/**
 * libuv makes its shutdown(2) in the loop's next turn, and only when nothing is left to write. The call ends when the
 * FIN is out, as in CPython, so that the peer's next call finds it; it does not wait for room in the buffers.
 */
export const shutDown = (end: TcpEnd, report: Report): Running | null => {
  let over = false;
  const tell = (outcome: Outcome) => {
    if (!over) report(outcome);
    over = true;
  };
  const status = end.shutdown(result =>
    // Cancelled by close, which sends the FIN as well.
    tell(result < 0 && result !== cancelled ? failureOf(result) : ok),
  );
  if (status < 0) tell(failureOf(status));
  else if (end.pending() > 0) tell(ok);
  if (over) return null;
  const stop = () => {
    over = true;
    return 0;
  };
  return { stop, taken: () => 0 };
};

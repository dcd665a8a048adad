import type { Running } from '../core/driver.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Status } from './ends.ts';
import { failureOf } from './status.ts';
import type { Report } from './tcp-reading.ts';

/**
 * A handshake on its way. The kernel goes on with it whatever becomes of the call that began it (connect(2),
 * EINTR and EINPROGRESS), so calls wait for it here and may stop waiting.
 */
export type TcpConnecting = {
  /** Calls back once, when it has ended: 0 or a negative errno. Returns how to stop waiting. */
  readonly wait: (then: (status: Status) => void) => () => void;
  /** Tells all who wait; false where nobody did. */
  readonly ended: (status: Status) => boolean;
};

export const createTcpConnecting = (): TcpConnecting => {
  const waiters = new Set<(status: Status) => void>();
  return {
    wait: then => {
      waiters.add(then);
      return () => {
        waiters.delete(then);
      };
    },
    ended: status => {
      const all = [...waiters];
      waiters.clear();
      for (const then of all) then(status);
      return all.length > 0;
    },
  };
};

/** A connect call that waits for the handshake. */
export const awaitConnect = (connecting: TcpConnecting, ok: () => Outcome, report: Report): Running => {
  const forget = connecting.wait(status => report(status === 0 ? ok() : failureOf(status)));
  return {
    stop: () => {
      forget();
      return 0;
    },
    taken: () => 0,
  };
};

/** A recv or send made while the handshake is on its way: begins once that has ended well. */
export const afterConnect = (
  connecting: TcpConnecting,
  begin: () => Running | null,
  report: Report,
): Running => {
  let begun: Running | null = null;
  const forget = connecting.wait(status => {
    if (status === 0) begun = begin();
    else report(failureOf(status));
  });
  return {
    stop: reason => {
      forget();
      return begun?.stop(reason) ?? 0;
    },
    taken: () => begun?.taken() ?? 0,
  };
};

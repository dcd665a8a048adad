import type { Status, TcpEnd } from '../sockets/ends.ts';
import { cancelled, notNow } from '../sockets/status.ts';
import type { TlsSession } from './tls-session.ts';

/**
 * The records that one end sends, in their order. A record that was made must go out whole before the next one: what the
 * kernel has no room for is handed over to leave later, and cannot be withdrawn.
 */
export type TlsOutput = {
  /** Writes what the session has made. 0: the kernel has all of it; -EAGAIN: it has not; another error: it never will. */
  readonly flush: () => Status;
  /** Calls `then` once the kernel has what it had no room for, or will never have it. */
  readonly wait: (then: () => void) => void;
  /** Bytes of records that the kernel has taken so far. */
  readonly given: () => number;
};

export const createTlsOutput = (
  end: Pick<TcpEnd, 'writeNow' | 'hand'>,
  session: Pick<TlsSession, 'outgoing'>,
): TlsOutput => {
  let given = 0;
  /** Bytes handed over whose end was not told yet. */
  let handed = 0;
  let failed: Status = 0;
  let waiting: (() => void)[] = [];

  const fail = (status: Status): Status => {
    failed = status;
    return status;
  };

  const landed = (status: Status) => {
    if (status === 0) given += handed;
    else if (status !== cancelled) failed = status;
    handed = 0;
    if (flush() === notNow) return;
    const told = waiting;
    waiting = [];
    for (const then of told) then();
  };

  const handOver = (rest: Uint8Array): Status => {
    const status = end.hand(rest, landed);
    if (status < 0) return fail(status);
    given += status;
    if (status > 0) return 0;
    handed = rest.length;
    return notNow;
  };

  const flush = (): Status => {
    if (failed < 0) return failed;
    // What has been made meanwhile stays where it is.
    if (handed > 0) return notNow;
    const bytes = session.outgoing();
    if (!bytes) return 0;
    const count = end.writeNow(bytes);
    if (count < 0 && count !== notNow) return fail(count);
    const taken = Math.max(0, count);
    given += taken;
    return taken === bytes.length ? 0 : handOver(bytes.subarray(taken));
  };

  return {
    flush,
    wait: then => {
      waiting.push(then);
    },
    given: () => given,
  };
};

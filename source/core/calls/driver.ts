import type { Wire } from '../model/tls.ts';
import type { Call } from './call.ts';
import type { CallSpec } from './call-spec.ts';
import type { Outcome } from './outcome.ts';

/** Why the bench ends a call that has not ended by itself. */
export type StopReason = 'deadline' | 'cancelled' | 'closed';

/**
 * One call for a driver. Endpoints hold literal addresses and port numbers: the bench has looked names up
 * before (the host of `connect` keeps the family the socket has). `timeout` in ms is the socket's: the driver
 * only uses it to tell a blocking socket (null) from a non-blocking one (0) and to choose how much to hand to
 * the kernel at a time; the bench keeps the deadline. `names` gives the name for a socket or file to be made.
 */
export type Attempt = { readonly call: Call; readonly timeout: number | null; readonly name: () => string };

/** A call in flight. */
export type Running = {
  /**
   * Ends it without a report and says how many bytes the kernel took (sends) or how many were taken from the
   * kernel and put back for the next call (receives).
   */
  readonly stop: (reason: StopReason) => number;
  /** Bytes the kernel took so far. */
  readonly taken: () => number;
  /**
   * Of a file object's call: ms since the last of its recv(2) or send(2) calls began, each of which has the whole timeout (CPython's
   * SocketIO). Without it the call is one.
   */
  readonly idle?: () => number;
};

/** What happens without a call's ending, by the word for it. */
export const happenings = ['late', 'ticket'] as const;

/**
 * What happens without a call's ending, reported as it is noticed.
 *
 * - `late`: `bytes` of a send that had ended before they left
 * - `ticket`: a receive took `bytes` in which TLS had nothing for it, such as session tickets, and waits on
 */
export type Notice = {
  readonly event: (typeof happenings)[number];
  readonly socket: string;
  readonly bytes: number;
  readonly wire?: Wire;
};

/**
 * Performs calls. `start` reports exactly once (perhaps before it returns, and then returns null), unless
 * the call is stopped; it never throws. Errors are outcomes. `report` answers false where it was told before, and heeds nothing then.
 */
export type Driver = {
  /**
   * What has to be made ready once before such a call can start and is not the call's own: tests of this Node, libraries,
   * files. null: nothing. The bench waits for it before the call begins, so that it is in no call's time. Never rejects.
   */
  readonly prepare?: (call: Call, spec?: CallSpec) => Promise<void> | null;
  readonly start: (attempt: Attempt, report: (outcome: Outcome) => unknown) => Running | null;
  /** Nobody will look at these received bytes again: their memory may be used for others. */
  readonly release?: (data: Uint8Array) => void;
  /** Closes everything it opened. */
  readonly dispose: () => Promise<void>;
};

export type DriverOptions = { readonly notice: (notice: Notice) => void };

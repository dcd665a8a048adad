import { constants } from 'node:os';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { ErrorCode } from '../../core/words/error-table.ts';
import type { Status } from './ends.ts';
import type { Inside } from './inside.ts';
import { answer, type Report } from './report.ts';
import { failureOf } from './status.ts';
import type { Wanted } from './tcp-reading.ts';

/**
 * The connects of one socket. The kernel goes on with a handshake whatever becomes of the call that began it
 * (connect(2), EINTR and EINPROGRESS), so calls wait for it here and may stop waiting.
 */
export type Handshake = Inside & {
  readonly underWay: () => boolean;
  readonly begin: () => void;
  /** Ended: 0 or a negative errno, for all that wait. Where none does, the next call hears of it. */
  readonly end: (status: Status) => void;
  /** For the next connect: how one ended that no call has heard of; undefined: nothing to tell. */
  readonly forConnect: () => Status | undefined;
  /**
   * For the next recv or send: the error that ended one, where no call has heard of it; else 0. From then on the
   * handshake is `aborted`: recv is EOF, and the next connect is ECONNABORTED, as in Linux.
   */
  readonly forTransfer: () => Status;
  readonly aborted: () => boolean;
  /** Goes on with `then` once it has ended. `timed`: on a socket with a timeout. */
  readonly wait: (timed: boolean, then: (status: Status) => Running | null) => Running;
};

export const createHandshake = (): Handshake => {
  const waiters = new Set<(status: Status) => void>();
  let underWay = false;
  let aborted = false;
  let unheard: Status | undefined;
  /** Set once the descriptor is closed: hears that no call is left. */
  let left: (() => void) | null = null;

  return {
    inside: () => waiters.size > 0,
    letGo: then => {
      left = then;
    },
    underWay: () => underWay,
    begin: () => {
      underWay = true;
    },
    end: status => {
      underWay = false;
      const all = [...waiters];
      waiters.clear();
      if (all.length === 0) unheard = status;
      for (const then of all) then(status);
      left?.();
    },
    forConnect: () => {
      const status = aborted ? -constants.errno.ECONNABORTED : unheard;
      aborted = false;
      unheard = undefined;
      return status;
    },
    forTransfer: () => {
      const status = unheard ?? 0;
      if (status >= 0) return 0;
      unheard = undefined;
      aborted = true;
      return status;
    },
    aborted: () => aborted,
    wait: (timed, then) => {
      let begun: Running | null = null;
      const waiter = (status: Status) => {
        // CPython asks the closed descriptor how the handshake ended.
        begun = then(left && timed ? -constants.errno.EBADF : status);
      };
      waiters.add(waiter);
      return {
        stop: reason => {
          const count = begun?.stop(reason) ?? 0;
          if (waiters.delete(waiter)) left?.();
          return count;
        },
        taken: () => begun?.taken() ?? 0,
      };
    },
  };
};

/** What the kernel says to a receive or a send without a connection. */
export type Unconnected = { readonly recv: ErrorCode; readonly send: ErrorCode };

export const unconnectedTcp: Unconnected = { recv: 'ENOTCONN', send: 'EPIPE' };

/** A recv or send before there is a connection: `begin` once there is one, or what the kernel says without. */
export const beforeConnection = (
  handshake: Handshake | null,
  timeout: number | null,
  unconnected: ErrorCode,
  report: Report,
  begin: () => Running | null,
): Running | null => {
  const status = handshake?.forTransfer() ?? 0;
  if (status < 0) return answer(report, failureOf(status));
  if (!handshake?.underWay()) return answer(report, failure(unconnected));
  if (timeout === 0) return answer(report, failure('EAGAIN'));
  return handshake.wait(timeout !== null, result =>
    result < 0 ? answer(report, failureOf(result)) : begin(),
  );
};

const endOfFile: Outcome = { kind: 'data', data: new Uint8Array(0) };

/** A recv before there is a connection. CPython makes no system call of recv(0), which therefore hears of no error. */
export const recvBefore = (
  handshake: Handshake | null,
  { size, timeout }: Wanted,
  unconnected: ErrorCode,
  report: Report,
  begin: () => Running | null,
): Running | null =>
  size === 0 || handshake?.aborted()
    ? answer(report, endOfFile)
    : beforeConnection(handshake, timeout, unconnected, report, begin);

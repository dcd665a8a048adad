import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { anyDescriptor, freeDescriptor, reserveDescriptor } from '../system/spare-descriptor.ts';
import type { Accepted, Addresses, Status, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';
import { failureOf, notNow } from './status.ts';
import { inOneTurn } from './turn.ts';

/** Accept calls on a listening end: its queue is only taken from while one runs. */
export type TcpListener = Inside & {
  readonly accept: (attempt: Attempt, report: Report) => Running | null;
  /** Ends the calls in flight with this failure, as shutdown (EINVAL) or close do. */
  readonly end: (code: 'EINVAL' | 'CLOSED') => void;
};

type Op = Running & {
  readonly attempt: Attempt;
  readonly report: Report;
  cancelTurn: (() => void) | undefined;
  /**
   * A descriptor kept for the connection to come, -1: none. Linux's accept(2) takes one before it waits, so that a
   * blocking call fails with EMFILE at once, and one that waits already does not fail later.
   */
  spare: number;
};

/** Accepts in one turn of the event loop, so that a flood of clients leaves the keys answering. */
const perTurn = 32;

const nothingTaken = (): number => 0;

const dropSpare = (op: Op) => {
  if (op.spare >= 0) freeDescriptor(op.spare);
  op.spare = -1;
};

/** `adopt` makes a socket of an accepted end, names it, and says between which addresses it is. */
export const createTcpListener = (
  end: TcpEnd,
  adopt: (accepted: Accepted, name: string) => Addresses,
): TcpListener => {
  const { native } = end;
  const ops: Op[] = [];
  /** Taken although no accept ran: a libuv that accepts several in one turn. They go to the next calls. */
  const early: Accepted[] = [];
  let admitting = false;
  let turning = false;
  /** Accepts that may still be made outside of a turn: a loop of them ends at once each time, and would never stop. */
  let left = perTurn;
  /** Set once the descriptor is closed: hears that no call is left. */
  let onLast: (() => void) | null = null;

  const admit = () => {
    if (admitting) return;
    admitting = true;
    if (native) native.watch(queued);
    else end.admit(taken);
  };

  const hold = () => {
    if (admitting) end.hold();
    admitting = false;
  };

  const rest = () => {
    hold();
    onLast?.();
  };

  /** In CPython poll(2) has returned, and its accept(2) finds the descriptor closed: the client stays in the queue. */
  const findsClosed = (op: Op): boolean => onLast !== null && op.attempt.timeout !== null;

  /** Stays open where the report made the next accept at once, so that an accept loop costs no extra turn. */
  const taken = (accepted: Accepted | Status) => {
    const op = ops.shift();
    if (op) finish(op, accepted);
    else if (typeof accepted !== 'number') early.push(accepted);
    if (ops.length === 0) rest();
  };

  const finish = (op: Op, accepted: Accepted | Status) => {
    op.cancelTurn?.();
    dropSpare(op);
    if (findsClosed(op)) {
      // After this poll: its connect, where it is the bench's own, is to hear of the handshake before the reset.
      if (typeof accepted !== 'number') setImmediate(() => accepted.end.reset());
      return op.report(failure('EBADF'));
    }
    if (typeof accepted === 'number') return op.report(failureOf(accepted));
    const name = op.attempt.name();
    op.report({ kind: 'made', name, ...adopt(accepted, name) });
  };

  /** The kernel's queue is not empty, or was not. */
  const queued = () => {
    turning = true;
    left = perTurn;
    for (let count = 0; count < perTurn && ops.length > 0 && !findsClosed(ops[0]!); count++) {
      dropSpare(ops[0]!);
      const accepted = native!.acceptNow();
      if (accepted === notNow) break;
      taken(accepted);
    }
    turning = false;
    for (const op of [...ops]) {
      // The listener goes with its last call, and resets whom it has queued: in a turn, for the reason above.
      if (findsClosed(op)) op.cancelTurn ??= giveUp(op, failure('EBADF'));
      const status = keepSpare(op);
      if (status < 0 && remove(op)) op.report(failureOf(status));
    }
  };

  const giveUp = (op: Op, outcome: Outcome): (() => void) =>
    inOneTurn(() => {
      if (remove(op)) op.report(outcome);
    });

  const keepSpare = (op: Op): Status => {
    // A socket with a timeout waits for a connection first, and takes a descriptor then: CPython's sock_call_ex.
    if (op.spare >= 0 || op.attempt.timeout !== null || turning) return 0;
    op.spare = reserveDescriptor();
    return op.spare;
  };

  const remove = (op: Op): boolean => {
    const index = ops.indexOf(op);
    if (index < 0) return false;
    op.cancelTurn?.();
    dropSpare(op);
    ops.splice(index, 1);
    if (ops.length === 0) rest();
    return true;
  };

  /** accept(2), made when the call begins; null: it must wait. */
  const tryNow = (timeout: number | null): Accepted | Status | null => {
    if (turning || ops.length > 0) return null;
    if (timeout === 0) return native!.acceptNow();
    if (left === 0) return null;
    left--;
    const accepted = native!.acceptNow();
    // With a timeout CPython looks for a connection first: an empty queue is no error there.
    const waits = accepted === notNow || (typeof accepted === 'number' && timeout !== null);
    return waits ? null : accepted;
  };

  /** What is known at once; null: it must wait. libuv accepts and closes clients for which no descriptor is left. */
  const atOnce = (op: Op): Accepted | Status | null => {
    const known = early.shift() ?? (native ? tryNow(op.attempt.timeout) : null);
    if (known !== null) return known;
    const status = native ? keepSpare(op) : anyDescriptor();
    return status < 0 ? status : null;
  };

  return {
    inside: () => ops.length > 0,
    letGo: then => {
      onLast = then;
      // Those that wait in accept(2) take who comes, past those in poll(2).
      ops.sort((a, b) => Number(findsClosed(a)) - Number(findsClosed(b)));
    },
    accept: (attempt, report) => {
      const stop = () => {
        remove(op);
        return 0;
      };
      const op: Op = { attempt, report, cancelTurn: undefined, spare: -1, stop, taken: nothingTaken };
      const accepted = atOnce(op);
      if (accepted !== null) {
        finish(op, accepted);
        return null;
      }
      ops.push(op);
      admit();
      if (attempt.timeout === 0) {
        op.cancelTurn = giveUp(op, failure('EAGAIN'));
      }
      return op;
    },
    end: code => {
      hold();
      onLast = null;
      for (const accepted of early.splice(0)) accepted.end.close();
      for (const op of ops.splice(0)) {
        op.cancelTurn?.();
        dropSpare(op);
        op.report(failure(code));
      }
    },
  };
};

import type { Attempt, Running } from '../core/driver.ts';
import { failure } from '../core/outcome.ts';
import type { TcpEnd } from './ends.ts';
import type { Report } from './report.ts';
import type { Addresses } from './tcp-socket.ts';
import { inOneTurn } from './turn.ts';

/** Accept calls on a listening end: its gate is open only while one runs. */
export type TcpListener = {
  readonly accept: (attempt: Attempt, report: Report) => Running | null;
  /** Ends the calls in flight with this failure, as shutdown (EINVAL) or close do. */
  readonly end: (code: 'EINVAL' | 'CLOSED') => void;
};

type Op = Running & {
  readonly attempt: Attempt;
  readonly report: Report;
  cancelTurn: (() => void) | undefined;
};

const nothingTaken = (): number => 0;

/** `adopt` makes a socket of an accepted end, names it, and says between which addresses it is. */
export const createTcpListener = (
  end: TcpEnd,
  adopt: (end: TcpEnd, name: string) => Addresses,
): TcpListener => {
  const ops: Op[] = [];
  /** Taken although no accept ran: a libuv that accepts several in one turn. They go to the next calls. */
  const early: TcpEnd[] = [];
  let admitting = false;

  const admit = () => {
    if (admitting) return;
    admitting = true;
    end.admit(taken);
  };

  /** Stays open where the report made the next accept at once, so that an accept loop costs no extra turn. */
  const taken = (accepted: TcpEnd) => {
    const op = ops.shift();
    if (!op) return void early.push(accepted);
    hand(op, accepted);
    if (ops.length === 0) hold();
  };

  const hand = (op: Op, accepted: TcpEnd) => {
    op.cancelTurn?.();
    const name = op.attempt.name();
    const { local, peer } = adopt(accepted, name);
    op.report({ kind: 'made', name, local, peer });
  };

  const hold = () => {
    if (admitting) end.hold();
    admitting = false;
  };

  const remove = (op: Op): boolean => {
    const index = ops.indexOf(op);
    if (index < 0) return false;
    op.cancelTurn?.();
    ops.splice(index, 1);
    if (ops.length === 0) hold();
    return true;
  };

  return {
    accept: (attempt, report) => {
      const stop = () => {
        remove(op);
        return 0;
      };
      const op: Op = { attempt, report, cancelTurn: undefined, stop, taken: nothingTaken };
      const waiting = early.shift();
      if (waiting) {
        hand(op, waiting);
        return null;
      }
      ops.push(op);
      admit();
      if (attempt.timeout === 0) {
        op.cancelTurn = inOneTurn(() => {
          if (remove(op)) report(failure('EAGAIN'));
        });
      }
      return op;
    },
    end: code => {
      hold();
      for (const accepted of early.splice(0)) accepted.close();
      for (const op of ops.splice(0)) {
        op.cancelTurn?.();
        op.report(failure(code));
      }
    },
  };
};

import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { anyDescriptor, freeDescriptor, reserveDescriptor } from '../system/spare-descriptor.ts';
import type { Accepted, Addresses, NativeTcpEnd, Status, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';
import { failureOf, notNow } from './status.ts';
import { inOneTurn } from './turn.ts';

/** Accepts in one turn of the event loop, so that a flood of clients leaves the keys answering. */
const perTurn = 32;

/** An accept in flight. */
class Accept implements Running {
  readonly attempt: Attempt;
  readonly report: Report;
  cancelTurn: (() => void) | undefined = undefined;
  private readonly listener: TcpListener;
  /**
   * A descriptor kept for the connection to come, -1: none. Linux's accept(2) takes one before it waits, so that a
   * blocking call fails with EMFILE at once, and one that waits already does not fail later.
   */
  private spare: Status = -1;

  constructor(listener: TcpListener, attempt: Attempt, report: Report) {
    this.listener = listener;
    this.attempt = attempt;
    this.report = report;
  }

  /** 0 or more, or the error of a process that has no descriptor left. */
  keepSpare(): Status {
    // A socket with a timeout waits for a connection first, and takes a descriptor then: CPython's sock_call_ex.
    if (this.spare >= 0 || this.attempt.timeout !== null) return 0;
    this.spare = reserveDescriptor();
    return this.spare;
  }

  dropSpare(): void {
    if (this.spare >= 0) freeDescriptor(this.spare);
    this.spare = -1;
  }

  /** It is no more among those that wait. */
  leave(): void {
    this.cancelTurn?.();
    this.dropSpare();
  }

  stop(): number {
    this.listener.remove(this);
    return 0;
  }

  taken(): number {
    return 0;
  }
}

/** Accept calls on a listening end: its queue is only taken from while one runs. */
export class TcpListener implements Inside {
  private readonly live: TcpEnd;
  private readonly adopt: (accepted: Accepted, name: string) => Addresses;
  private readonly calls: Accept[] = [];
  /** Taken although no accept ran: a libuv that accepts several in one turn. They go to the next calls. */
  private readonly early: Accepted[] = [];
  private isAdmitting = false;
  private isTurning = false;
  /** Accepts that may still be made outside of a turn: a loop of them ends at once each time, and would never stop. */
  private budget = perTurn;
  /** Set once the descriptor is closed: hears that no call is left. */
  private left: (() => void) | null = null;

  /** `adopt` makes a socket of an accepted end, names it, and says between which addresses it is. */
  constructor(end: TcpEnd, adopt: (accepted: Accepted, name: string) => Addresses) {
    this.live = end;
    this.adopt = adopt;
  }

  inside(): boolean {
    return this.calls.length > 0;
  }

  letGo(then: () => void): void {
    this.left = then;
    // Those that wait in accept(2) take who comes, past those in poll(2).
    this.calls.sort((a, b) => Number(this.findsClosed(a)) - Number(this.findsClosed(b)));
  }

  accept(attempt: Attempt, report: Report): Running | null {
    const call = new Accept(this, attempt, report);
    const accepted = this.atOnce(call);
    if (accepted !== null) {
      this.finish(call, accepted);
      return null;
    }
    this.calls.push(call);
    this.admit();
    if (attempt.timeout === 0) call.cancelTurn = this.giveUp(call, failure('EAGAIN'));
    return call;
  }

  /** Ends the calls in flight with this failure, as shutdown (EINVAL) or close do. */
  end(code: 'EINVAL' | 'CLOSED'): void {
    this.hold();
    this.left = null;
    for (const accepted of this.early.splice(0)) accepted.end.close();
    for (const call of this.calls.splice(0)) {
      call.leave();
      call.report(failure(code));
    }
  }

  /** false where it did not wait. */
  remove(call: Accept): boolean {
    const index = this.calls.indexOf(call);
    if (index < 0) return false;
    call.leave();
    this.calls.splice(index, 1);
    if (this.calls.length === 0) this.rest();
    return true;
  }

  /** What is known at once; null: it must wait. libuv accepts and closes clients for which no descriptor is left. */
  private atOnce(call: Accept): Accepted | Status | null {
    const { native } = this.live;
    const known = this.early.shift() ?? (native ? this.tryNow(native, call.attempt.timeout) : null);
    if (known !== null) return known;
    const status = native ? this.keepSpare(call) : anyDescriptor();
    return status < 0 ? status : null;
  }

  /** accept(2), made when the call begins; null: it must wait. */
  private tryNow(native: NativeTcpEnd, timeout: number | null): Accepted | Status | null {
    if (this.isTurning || this.calls.length > 0) return null;
    if (timeout === 0) return native.acceptNow();
    if (this.budget === 0) return null;
    this.budget--;
    const accepted = native.acceptNow();
    // With a timeout CPython looks for a connection first: an empty queue is no error there.
    const waits = accepted === notNow || (typeof accepted === 'number' && timeout !== null);
    return waits ? null : accepted;
  }

  private keepSpare(call: Accept): Status {
    return this.isTurning ? 0 : call.keepSpare();
  }

  private admit(): void {
    if (this.isAdmitting) return;
    this.isAdmitting = true;
    const { native } = this.live;
    if (native) native.watch(() => this.queued(native));
    else this.live.admit(this.taken);
  }

  /** The kernel's queue is not empty, or was not. */
  private queued(native: NativeTcpEnd): void {
    const { calls } = this;
    this.isTurning = true;
    this.budget = perTurn;
    for (let count = 0; count < perTurn && calls.length > 0 && !this.findsClosed(calls[0]!); count++) {
      calls[0]!.dropSpare();
      const accepted = native.acceptNow();
      if (accepted === notNow) break;
      this.taken(accepted);
    }
    this.isTurning = false;
    for (const call of [...calls]) {
      // The listener goes with its last call, and resets whom it has queued: in a turn, for the reason below.
      if (this.findsClosed(call)) call.cancelTurn ??= this.giveUp(call, failure('EBADF'));
      const status = this.keepSpare(call);
      if (status < 0 && this.remove(call)) call.report(failureOf(status));
    }
  }

  /** Stays open where the report made the next accept at once, so that an accept loop costs no extra turn. */
  private readonly taken = (accepted: Accepted | Status): void => {
    const call = this.calls.shift();
    if (call) this.finish(call, accepted);
    else if (typeof accepted !== 'number') this.early.push(accepted);
    if (this.calls.length === 0) this.rest();
  };

  private finish(call: Accept, accepted: Accepted | Status): void {
    call.leave();
    if (this.findsClosed(call)) {
      // After this poll: its connect, where it is the bench's own, is to hear of the handshake before the reset.
      if (typeof accepted !== 'number') setImmediate(() => accepted.end.reset());
      return call.report(failure('EBADF'));
    }
    if (typeof accepted === 'number') return call.report(failureOf(accepted));
    const name = call.attempt.name();
    call.report({ kind: 'made', name, ...this.adopt(accepted, name) });
  }

  /** In CPython poll(2) has returned, and its accept(2) finds the descriptor closed: the client stays in the queue. */
  private findsClosed(call: Accept): boolean {
    return this.left !== null && call.attempt.timeout !== null;
  }

  private giveUp(call: Accept, outcome: Outcome): () => void {
    return inOneTurn(() => {
      if (this.remove(call)) call.report(outcome);
    });
  }

  private rest(): void {
    this.hold();
    this.left?.();
  }

  private hold(): void {
    if (this.isAdmitting) this.live.hold();
    this.isAdmitting = false;
  }
}

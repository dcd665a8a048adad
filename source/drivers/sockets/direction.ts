import type { Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';

/** A call on one direction of a stream, in flight. `moved`: bytes so far, where an end by close tells them. */
export type DirectedCall = Running & { readonly report: Report; readonly moved: () => number | undefined };

/**
 * One direction of a stream: one call is inside, others wait for it in order, as for the lock that the kernel has on a
 * socket. A class, as its calls are: a fast stream makes 100,000 of them a second.
 */
export abstract class Direction<Call extends DirectedCall> implements Inside {
  protected op: Call | null = null;
  private readonly waiting: Call[] = [];
  /** Set once the descriptor is closed: hears that no call is left. */
  private left: (() => void) | null = null;

  /** Makes it the one inside, `op`, and goes as far as it can without waiting. */
  protected abstract begin(call: Call): void;

  inside(): boolean {
    return this.op !== null;
  }

  letGo(then: () => void): void {
    this.left = then;
  }

  protected isLetGo(): boolean {
    return this.left !== null;
  }

  protected isBusy(): boolean {
    return this.op !== null || this.waiting.length > 0;
  }

  /** Begins it, or lets it wait; null where it is over by then. */
  protected enter(call: Call): Running | null {
    if (this.isBusy()) {
      this.waiting.push(call);
      return call;
    }
    this.begin(call);
    return this.op === call ? call : null;
  }

  /** Begins the next, where none is inside. */
  protected next(): void {
    if (this.op) return;
    if (this.waiting.length > 0) this.begin(this.waiting.shift()!);
    else this.left?.();
  }

  /** One that waits does so no more. */
  protected withdraw(call: Call): void {
    const index = this.waiting.indexOf(call);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  /** Ends what is in flight with CLOSED. */
  protected endAll(): void {
    const ended = this.op ? [this.op, ...this.waiting] : [];
    this.op = null;
    this.waiting.length = 0;
    this.left = null;
    for (const call of ended) call.report(failure('CLOSED', undefined, call.moved()));
  }
}

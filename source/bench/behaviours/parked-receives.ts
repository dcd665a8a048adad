import type { Call } from '../../core/calls/call.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { PerformOptions } from '../engine/bench.ts';

/** `id`: the call that was made of it since, 0 for none. */
type Parked = { readonly call: Call; readonly options: PerformOptions; id: number };

/** Receives that are not made while their sockets are stalled. */
export class ParkedReceives {
  private readonly perform: (call: Call, options: PerformOptions) => number;
  private readonly cancelCall: (id: number) => boolean;
  /** By handles below 0, which are no call's id. */
  private readonly parked = new Map<number, Parked>();
  private lastHandle = 0;

  constructor(perform: (call: Call, options: PerformOptions) => number, cancelCall: (id: number) => boolean) {
    this.perform = perform;
    this.cancelCall = cancelCall;
  }

  /** Its handle. */
  park(call: Call, options: PerformOptions): number {
    const handle = --this.lastHandle;
    const onEnd = (outcome: Outcome) => {
      this.parked.delete(handle);
      options.onEnd?.(outcome);
    };
    this.parked.set(handle, { call, options: { ...options, onEnd }, id: 0 });
    return handle;
  }

  /** Makes those that nothing stalls any more. */
  letGo(isFree: (call: Call) => boolean): void {
    for (const one of this.parked.values()) {
      if (one.id === 0 && isFree(one.call)) one.id = this.perform(one.call, one.options);
    }
  }

  cancel(handle: number): boolean {
    const one = this.parked.get(handle);
    if (!one) return false;
    if (one.id !== 0) return this.cancelCall(one.id);
    const interrupted = failure('INTERRUPTED');
    one.options.decide?.(interrupted);
    one.options.onEnd?.(interrupted);
    return true;
  }

  /** The socket is closed. */
  forget(socket: string): void {
    for (const [handle, { call }] of this.parked) if (call.on === socket) this.parked.delete(handle);
  }
}

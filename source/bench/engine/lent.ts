import type { Call } from '../../core/calls/call.ts';

/** Received memory that is sent on: two entries have it, and it is written again once both are without it. */
export type Lent = {
  /**
   * This call will send on what was received. Asked for before the end of the receive is told: told, it may be dropped
   * at once.
   */
  readonly lend: (call: Call) => void;
  /** An entry has dropped these bytes, which it received or sent: whether no other has them. */
  readonly isFree: (data: Uint8Array, sent: boolean) => boolean;
};

/** By which relays pass on: streams, datagrams, and datagrams back to their sender. */
const sendsOn: ReadonlySet<Call['name']> = new Set(['sendall', 'send', 'sendto']);

export const createLent = (): Lent => {
  // Weak: what was to be sent on and never was is nobody's, and is not written again.
  const lent = new WeakSet<Uint8Array>();
  return {
    lend: call => {
      if (sendsOn.has(call.name) && 'data' in call && call.data.kind === 'literal') lent.add(call.data.data);
    },
    // What is sent on is told after what was received, and so is dropped after it.
    isFree: (data, sent) => (sent ? lent.delete(data) : !lent.has(data)),
  };
};

import type { CallName } from '../calls/call.ts';

/**
 * What a loop does after its call, where that is not the same call again at once.
 *
 * - `serve`: its server has one thread, which is the accepted socket's until that is closed
 * - `pause`: nothing was left to make a socket of, and it tries again at `until`
 * - `answer`: a rule fits what came, and its first call is made, at `until` where it waits
 * - `unanswered`: no rule fits what has come, and there is too much of it: from now on the oldest is let go
 * - `refuse`: a relay reaches no target, and resets what it accepted
 * - `held`: a fault holds back the next call, which is made from `until` on
 * - `repeat`: it is sent again, at `until`
 * - `late`: it is sent again at once, since it was due so many ms ago
 * - `faulted`: it was cancelled because of its socket's faults, and is made again as they let it
 */
export type Afterwards =
  | { readonly kind: 'serve' }
  | { readonly kind: 'faulted' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'pause'; readonly until: number }
  | { readonly kind: 'repeat'; readonly call: CallName; readonly until: number }
  | { readonly kind: 'late'; readonly by: number }
  | { readonly kind: 'refuse'; readonly socket: string }
  | { readonly kind: 'held'; readonly call: CallName; readonly until: number }
  | {
      readonly kind: 'answer';
      readonly rule: number;
      readonly call: CallName;
      readonly until?: number;
    };

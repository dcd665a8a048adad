import type { CallRef } from '../calls/call-ref.ts';
import type { Program } from './actors.ts';
import type { Policy } from './names.ts';
import type { Act } from './need.ts';

/** What ends a call by itself: its timeout, or the last of a connect's SYNs. */
export type EndedBy = 'timeout' | 'SYN';

/**
 * What would break a deadlock, as data.
 *
 * - `cancel`: ending one of its calls by hand
 * - `end`: waiting until the first deadline ends one
 * - `act`: doing what a call waits for, on `on`, which needs another thread: its program's policy must be `policy`
 */
export type Remedy =
  | { readonly kind: 'cancel'; readonly call: CallRef }
  | { readonly kind: 'end'; readonly call: CallRef; readonly at: number; readonly by: EndedBy }
  | {
      readonly kind: 'act';
      readonly on: string;
      readonly act: Act;
      readonly program: Program;
      readonly policy: Policy;
    };

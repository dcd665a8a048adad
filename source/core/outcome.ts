import type { ErrorCode } from './errors.ts';
import type { Endpoint } from './names.ts';

/**
 * How a call ended. Flat and small: one is made for every call of a flood.
 *
 * - `none`: Python's None, shown as ok. `local` and `peer` are the addresses as bind, listen, connect left them
 * - `count`: bytes the kernel took (send, sendto) or the buffer took (write); `local` where the call bound
 *   the socket (sendto on an unbound one)
 * - `data`: recv, recvfrom, read, readline. Length 0 on a stream is EOF. `from` is the sender (recvfrom);
 *   `lost` is what did not fit into the size asked for (a truncated datagram: modelled, since Node hands
 *   over whole datagrams); `dropped` is how many bytes the journal's payload cap has taken away since
 * - `made`: the name of a new socket or file object; `peer` for accept
 * - `error`: `count` is what the kernel took before it failed (sendall); `detail` names the value concerned
 */
export type Outcome =
  | { readonly kind: 'none'; readonly local?: Endpoint; readonly peer?: Endpoint }
  | { readonly kind: 'count'; readonly count: number; readonly local?: Endpoint }
  | {
      readonly kind: 'data';
      readonly data: Uint8Array;
      readonly from?: Endpoint;
      readonly lost?: number;
      readonly dropped?: number;
    }
  | { readonly kind: 'made'; readonly name: string; readonly local?: Endpoint; readonly peer?: Endpoint }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly kind: 'endpoints'; readonly endpoints: readonly Endpoint[]; readonly fallback?: string }
  | { readonly kind: 'number'; readonly number: number | null; readonly fallback?: string }
  | { readonly kind: 'text'; readonly text: string; readonly fallback?: string }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly detail?: string; readonly count?: number };

export type Failure = Extract<Outcome, { kind: 'error' }>;

export const ok: Outcome = { kind: 'none' };

export const failure = (code: ErrorCode, detail?: string, count?: number): Failure => ({
  kind: 'error',
  code,
  ...(detail === undefined ? {} : { detail }),
  ...(count === undefined ? {} : { count }),
});

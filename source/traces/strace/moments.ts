/**
 * What a call gave back. `value`: null for `?`, where nothing is known of it. `target`: what a descriptor leads to. `error`:
 * `EAGAIN`, '' for none. `more`: what strace says besides, `Timeout`, `in [3]`.
 */
export type Result = {
  readonly value: number | null;
  readonly target: string;
  readonly error: string;
  readonly more: string;
};

/**
 * What strace tells of a thread, `at` milliseconds since 1970, in the order in which it told it.
 *
 * - `begin`: a call is in flight; `texts`: the arguments that it has printed so far. Told only where the call was seen in flight
 * - `end`: with all arguments; `began` and `took` in ms, `took` null where strace did not measure it
 * - `interrupted`: by a signal, and the kernel may make it again; `again`: it does, and the call goes on as it was
 * - `cut`: the thread ended in the call, or strace left it
 * - `signal`: told to it; `stopped`: by one; `exit`: `code` null where a signal ended it; `superseded`: another thread's execve
 *   took its place
 */
export type Moment = { readonly tid: number; readonly at: number } & (
  | { readonly kind: 'begin'; readonly call: string; readonly texts: readonly string[] }
  | {
      readonly kind: 'end';
      readonly call: string;
      readonly texts: readonly string[];
      readonly began: number;
      readonly took: number | null;
      readonly result: Result;
      /** A `begin` was told of it. */
      readonly seen: boolean;
    }
  | { readonly kind: 'interrupted' | 'again' | 'cut'; readonly call: string }
  | { readonly kind: 'signal' | 'stopped'; readonly signal: string }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string }
  | { readonly kind: 'superseded'; readonly by: number }
);

/** One of a kind. */
export type MomentOf<K extends Moment['kind']> = Extract<Moment, { readonly kind: K }>;

import type { Endpoint } from '../addresses/endpoint.ts';
import type { Bytes } from '../bytes/bytes.ts';

/**
 * The same message again and again: the first at once, then one every so many ms. `to`: each datagram goes there; null: to the
 * peer. `times` null: until it is ended.
 */
export type Repeat = {
  readonly data: Bytes;
  readonly to: Endpoint | null;
  readonly every: number;
  readonly times: number | null;
};

/** How far it is. `late`: sends that were due before the one before them had ended. */
export type RepeatCount = { readonly sent: number; readonly late: number };

/** Why it is over: all were sent, somebody ended it, a send failed, its socket is closed. */
export const repeatEnds = ['done', 'off', 'failed', 'closed'] as const;

export type RepeatOver = RepeatCount & { readonly why: (typeof repeatEnds)[number] };

/** One that goes on. `at`: the next is made then, in ms since the bench began; null: one is in flight. */
export type RepeatState = RepeatCount & { readonly repeat: Repeat; readonly at: number | null };

/** Longer is a mistake. */
export const longestEvery = 24 * 3_600_000;

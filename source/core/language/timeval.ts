import type { CallOf } from '../calls/call.ts';
import { parseTimeout } from './units.ts';

/** The options that are a struct timeval: how long the kernel lets a call of a blocking socket wait (socket(7)). */
export const isTimeval = (option: string): boolean => option === 'SO_RCVTIMEO' || option === 'SO_SNDTIMEO';

/** Thousands of years: what a time is at most here, in ms, so that its microseconds are still exact. */
const longest = 1e14;

/**
 * The time that such an option is set to, in ms, as a line writes it: `2s`, `500ms`, a bare number of seconds, `none`
 * (0: the kernel waits for ever). Undefined for anything else.
 */
export const timevalMs = (value: number | string): number | undefined => {
  if (typeof value === 'number') return Math.abs(value) * 1000 <= longest ? value * 1000 : undefined;
  const time = parseTimeout(value, longest);
  return time.ok ? (time.value ?? 0) : undefined;
};

/** What a successful setsockopt says of how long calls may wait from now on; undefined where it says nothing. */
export const timeSet = ({ option, value }: CallOf<'setsockopt'>): number | undefined =>
  isTimeval(option) ? Math.max(0, timevalMs(value) ?? 0) : undefined;

import type { Act } from '../model/need.ts';

/** What a person can do about a wait. `policy`: give a program more threads. */
export type Deed = Act | 'cancel' | 'policy';

/**
 * The reader's own key for it, by its title; '' where none is bound. Null: nobody sits at the keys, as where a session is
 * exported or run without a screen.
 */
export type KeyWords = ((deed: Deed) => string) | null;

/** A key, by its title, behind the words for what it does: ` (x)`; '' where there is none. */
export const keyHint = (key: string): string => (key === '' ? '' : ` (${key})`);

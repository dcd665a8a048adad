import type { Act } from '../model/need.ts';
import { t } from './translate.ts';

/** What a person can do about a wait. `policy`: give a program more threads; `type`: begin a call by its name. */
export type Deed = Act | 'cancel' | 'policy' | 'type';

/** What it is to be done to: a socket or a file object by its name, a program, or a call by its id. */
export type DeedOn = string | number;

/**
 * The keys, by their titles, that do it to that from where the reader is; '' where none do. Null: nobody sits at the keys,
 * as in the log, which is read at any time from anywhere.
 */
export type KeyWords = ((deed: Deed, on: DeedOn) => string) | null;

/** A key, by its title, behind the words for what it does: ` (x)`; '' where there is none. */
export const keyHint = (key: string): string => (key === '' ? '' : t` (${key})`);

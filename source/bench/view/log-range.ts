import type { Journal } from '../../core/model/journal.ts';

export type LogRange = {
  /** Entries up to this one were cleared away. */
  readonly clearedTo: number;
  /** The newest entry that the screen knows of. */
  readonly last: number;
  /** A call and its end are one row. */
  readonly folded?: boolean;
};

/** The oldest entry that is shown. */
export const lowestOf = (journal: Journal, { clearedTo }: LogRange): number =>
  Math.max(journal.first(), clearedTo + 1);

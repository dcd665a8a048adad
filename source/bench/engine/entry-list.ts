import type { Entry } from '../../core/model/entry.ts';

/** The entries of a recorded session, by their place from 0: in memory, or read when they are looked at. */
export type EntryList = {
  readonly length: number;
  readonly at: (index: number) => Entry | undefined;
  /** When that entry came, ms since the bench began. */
  readonly timeAt: (index: number) => number;
  /** Up to `to`, which is not among them. */
  readonly slice: (from: number, to: number) => Entry[];
};

export const listOf = (entries: readonly Entry[]): EntryList => ({
  length: entries.length,
  at: index => entries[index],
  timeAt: index => entries[index]!.t,
  slice: (from, to) => entries.slice(from, to),
});
